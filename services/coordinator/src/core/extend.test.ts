import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { expectedTrials } from "./query/replicates.js";
import { wantedTrainers } from "./query/wanted-trainers.js";
import { Scenario, specOf } from "./scenario.fixture.js";
import { evolveAll } from "./state/evolve.js";

const extend = (maxTrials: number) => ({ type: "extend-study", limits: { maxTrials } }) as const;
const rejected = (rejection: object) => ({ kind: "rejected", rejection });

describe("an extended study", () => {
  it("asks for further trials at once, and completes with the last of them", () => {
    const scenario = new Scenario(specOf({ maxTrials: 1 }), 2);
    const first = scenario.suggest();
    assert.deepEqual(scenario.takeEffects().at(-1)?.type, "publish-assignment");
    assert.deepEqual(scenario.submit(extend(3)), { kind: "done" });
    const basis = scenario.study.eventCount;
    const request = { type: "request-suggestions", trialNumber: 1, basis, count: 1 };
    assert.deepEqual(scenario.takeEffects(), [request]);
    assert.deepEqual([expectedTrials(scenario.study), wantedTrainers(scenario.study)], [3, 3]);
    scenario.train(first, 0.8);
    for (const objective of [0.85, 0.9]) {
      assert.equal(scenario.study.status, "active");
      scenario.complete(objective);
    }
    assert.equal(scenario.study.status, "finalizing");
    assert.equal(scenario.study.spec.budget.maxTrials, 1, "the spec stays as it is");
  });

  it("takes points that the former budget had no room for", () => {
    const scenario = new Scenario(specOf({ maxTrials: 1 }));
    scenario.suggest();
    const enqueue = { type: "enqueue-trial", values: { stddev: 0.07 } } as const;
    assert.deepEqual(scenario.submit(enqueue), rejected({ code: "BUDGET_SPENT", maxTrials: 1 }));
    scenario.submit(extend(2));
    assert.equal(scenario.submit(enqueue).kind, "enqueued");
  });

  it("ignores a repeat, and refuses a smaller budget", () => {
    const scenario = new Scenario(specOf({ maxTrials: 3 }));
    scenario.submit(extend(5));
    const events = scenario.events.length;
    assert.deepEqual(scenario.submit(extend(5)), { kind: "done" });
    assert.deepEqual(scenario.submit(extend(4)), rejected({ code: "BUDGET_LARGER", maxTrials: 5 }));
    assert.equal(scenario.events.length, events);
  });

  it("is an active one, whose search goes on", () => {
    const spec = { ...specOf({ maxTrials: 2 }), selection: { rule: "replicate", top: 2, executions: 1 } as const };
    const scenario = new Scenario(spec);
    for (const objective of [0.8, 0.9]) scenario.complete(objective);
    assert.deepEqual(scenario.submit(extend(5)), rejected({ code: "SEARCH_ENDED" }));
    scenario.submit({ type: "stop-study", reason: "Enough." });
    const status = "finalizing";
    assert.deepEqual(scenario.submit(extend(5)), rejected({ code: "STUDY_NOT_ACTIVE", status }));
    const stopping = new Scenario();
    stopping.suggest();
    const lease = stopping.lease(stopping.trial(0));
    stopping.submit({ type: "stop-study", reason: "Enough.", afterRunning: true });
    assert.deepEqual([lease.trialId, stopping.submit(extend(5))], ["0", rejected({ code: "STUDY_STOPPING" })]);
  });

  it("is the same after a replay", () => {
    const scenario = new Scenario();
    scenario.submit(extend(5));
    assert.deepEqual(evolveAll(undefined, scenario.events, scenario.now().wallMs), scenario.study);
  });
});
