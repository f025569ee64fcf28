import assert from "node:assert/strict";
import { test } from "node:test";
import { epochOf, Scenario, specOf } from "../scenario.fixture.js";
import type { Trial } from "../state/study.js";

test("a report reads no other trial, however many are leased", () => {
  const trials = 50;
  const scenario = new Scenario(specOf({ maxTrials: trials + 1, parallelTrials: trials }), trials);
  const leases = Array.from({ length: trials }, () => scenario.lease(scenario.suggest()));
  let reads = 0;
  const watched = (trial: Trial): Trial =>
    new Proxy(trial, {
      get: (target, property) => {
        reads += 1;
        return Reflect.get(target, property);
      },
    });
  const { study } = scenario;
  scenario.state = {
    ...scenario.state,
    study: { ...study, trials: study.trials.map((trial) => (trial.number === 7 ? trial : watched(trial))) },
  };
  const lease = leases[7];
  assert.ok(lease !== undefined);
  assert.deepEqual(scenario.report(lease, epochOf(0, 0.5)), { kind: "continue" });
  assert.equal(reads, 0);
});

test("recognises every repeated report, and refuses one after a gap", () => {
  const scenario = new Scenario(specOf({ executionsPerTrial: 2 }));
  const lease = scenario.lease(scenario.suggest());
  const reports = [0, 1].flatMap((execution) => [0, 1, 2].map((epoch) => epochOf(epoch, 0.5, execution)));
  for (const report of reports) assert.deepEqual(scenario.report(lease, report), { kind: "continue" });
  for (const report of reports) assert.deepEqual(scenario.report(lease, report), { kind: "continue" });
  assert.equal(scenario.trial(0).measurements.length, 6);
  for (const gap of [epochOf(4, 0.5, 1), epochOf(3, 0.5, 0)])
    assert.equal(scenario.report(lease, gap).kind, "rejected");
});
