import assert from "node:assert/strict";
import { test } from "node:test";
import { resolvePlan } from "@sintonia/tuning/spec/resolve";
import type { ProgramStudy } from "@sintonia/tuning/spec/study-spec";
import { epochOf, Scenario, selectionOf, specOf, WEIGHTS } from "./scenario.fixture.js";

function programStudy(): ProgramStudy {
  const { name, budget, seed, oracle, parameters } = specOf({ maxTrials: 1 });
  return {
    name,
    budget,
    seed,
    oracle,
    parameters,
    objective: { metric: "val_accuracy", goal: "maximize" },
    program: { command: ["train", "${stddev}"], metrics: { from: "report" }, graceSeconds: 30, keep: "best-epoch" },
  };
}

test("leases the plan of a program, and ends its study with the choice of the best trial", () => {
  const scenario = new Scenario(programStudy());
  const trial = scenario.suggest();
  const lease = scenario.lease(trial);
  for (const [epoch, value] of [0.5, 0.9, 0.7].entries()) scenario.report(lease, epochOf(epoch, value));
  scenario.submit({ type: "complete-trial", lease, weights: WEIGHTS, keptEpochs: [1] });
  assert.equal(scenario.study.trials[0]?.objective, 0.9);
  assert.deepEqual(scenario.takeEffects().at(-1), { type: "select-best" });
  scenario.submit({ type: "selection-ready", selection: selectionOf("0", 1) });
  assert.deepEqual([scenario.study.status, scenario.study.test], ["completed", undefined]);
  assert.deepEqual(scenario.study.models, [{ ...WEIGHTS, kind: "program-files" }]);
  assert.deepEqual(scenario.takeEffects(), []);
});

test("a program that states its epochs reports no further ones, and is not pruned at the last one", () => {
  const pruner = { type: "threshold", lower: 0.9, warmupEpochs: 0, interval: 1 } as const;
  const scenario = new Scenario({ ...programStudy(), training: { maxEpochs: 1 }, pruner });
  const lease = scenario.lease(scenario.suggest());
  assert.deepEqual(scenario.report(lease, epochOf(0, 0.5)), { kind: "continue" });
  const rejection = { code: "EPOCH_BEYOND_LIMIT", execution: 0, epoch: 1, maxEpochs: 1 };
  assert.deepEqual(scenario.report(lease, epochOf(1, 0.7)), { kind: "rejected", rejection });
});

test("a study of a program has a plan for each trial", () => {
  const result = resolvePlan(programStudy(), { stddev: 0.05 }, 0);
  assert.ok(result.ok && "program" in result.plan);
  assert.deepEqual(result.plan.program.command, ["train", "0.05"]);
});
