import assert from "node:assert/strict";
import { test } from "node:test";
import type { LearningCurve } from "./contract/pruner.js";
import { curvePruner } from "./curve.js";
import { completedTrials, curveOf, evidenceOf, requestOf } from "./curves.fixture.js";

const pruner = curvePruner({ type: "curve", risk: 0.01 });

/** Returns the curve of a power law that ends near `end`. */
function powerLaw(end: number, epochs: number): number[] {
  return Array.from({ length: epochs }, (_, epoch) => end - 0.2 / (epoch + 1));
}

const COMPLETED = completedTrials(powerLaw(0.9, 30), powerLaw(0.91, 30), powerLaw(0.905, 30));

/** Returns the verdicts on a running trial after each of its epochs. */
function verdicts(end: number, others: readonly LearningCurve[], epochs = 20, promotedFrom = 0): string[] {
  return powerLaw(end, epochs).map((_, epoch) => {
    const trial = { ...curveOf(others.length, "running", powerLaw(end, epoch + 1)), promotedFrom };
    return pruner.judge(requestOf(trial, others)).kind;
  });
}

test("pauses a trial at 1, 4, 16, ... epochs, also if training is ahead, unless it was promoted from there", () => {
  assert.deepEqual(new Set(verdicts(0.9, [])), new Set(["pause"]));
  const promoted = verdicts(0.9, [], 20, 4);
  assert.deepEqual(promoted.slice(0, 15), new Array(15).fill("continue"));
  assert.deepEqual(promoted.slice(15), new Array(5).fill("pause"));
});

test("pauses no execution but the first", () => {
  const trial = curveOf(0, "running", powerLaw(0.9, 30), powerLaw(0.9, 4));
  assert.equal(pruner.judge(requestOf(trial, [], { executions: 2 })).kind, "continue");
});

test("prunes a hopeless trial between rungs, and none that may still win", () => {
  const hopeless = verdicts(0.6, COMPLETED, 20, 16);
  assert.deepEqual(hopeless.slice(0, 3), ["continue", "prune", "prune"]);
  assert.equal(hopeless[3], "continue", "a rung's epoch has no verdict by risk");
  assert.ok(verdicts(0.95, COMPLETED, 20, 16).every((kind) => kind === "continue"));
});

test("prunes none between rungs if finalists are stated and no risk", () => {
  const trial = { ...curveOf(3, "running", powerLaw(0.6, 18)), promotedFrom: 16 };
  const kindOf = (settings: object) =>
    curvePruner({ type: "curve", ...settings }).judge(requestOf(trial, COMPLETED)).kind;
  assert.deepEqual([{}, { finalists: 3 }, { finalists: 3, risk: 0.01 }].map(kindOf), ["prune", "continue", "prune"]);
});

test("the evidence of a pause has the standing at the rung", () => {
  const others = [curveOf(0, "paused", [0.5]), curveOf(1, "ended", [0.8]), curveOf(2, "running", [0.7])];
  const evidence = evidenceOf(pruner.judge(requestOf(curveOf(3, "running", [0.6]), others)));
  assert.deepEqual(evidence, { pruner: "curve", execution: 0, epoch: 0, value: 0.6, limit: 0.8, trials: 4 });
  const loss = evidenceOf(pruner.judge(requestOf(curveOf(3, "running", [0.6]), others, { goal: "minimize" })));
  assert.deepEqual([loss.value, loss.limit], [0.6, 0.5]);
  const best = evidenceOf(pruner.judge(requestOf(curveOf(3, "running", [0.9]), others)));
  assert.deepEqual([best.value, best.limit], [0.9, 0.9]);
});

test("the limit of a trial that is among the best, but waits for further trials, is its own score", () => {
  const others = [1, 2, 3, 4, 5, 6, 7].map((tenth) => curveOf(tenth, "paused", [tenth / 10]));
  const limitOf = (score: number) => evidenceOf(pruner.judge(requestOf(curveOf(8, "running", [score]), others))).limit;
  assert.deepEqual([0.9, 0.65, 0.55].map(limitOf), [0.9, 0.65, 0.6]);
});

test("says why to a person, by risk and at a rung", () => {
  const evidence = { pruner: "curve", execution: 0, epoch: 22, value: 0.9833, limit: 0.98883, trials: 3 } as const;
  const reasonOf = (change: object) => pruner.reason({ ...evidence, ...change }, "val_accuracy");
  assert.equal(
    reasonOf({}),
    "In epoch 23 its best val_accuracy, 0.9833, left a chance below 1 % to end better than 0.98883, " +
      "by the curves of 3 completed trials.",
  );
  assert.equal(
    reasonOf({ epoch: 3, trials: 9 }),
    "In epoch 4 its val_accuracy was about 0.9833; with 9 trials at this rung, the limit to go on was 0.98883.",
  );
  assert.equal(
    reasonOf({ epoch: 3, limit: 0.9833, trials: 7 }),
    "In epoch 4 its val_accuracy was about 0.9833, among the best of 7 trials at this rung, which waited for more.",
  );
  assert.equal(
    reasonOf({ epoch: 0, trials: 1 }),
    "In epoch 1 its val_accuracy was about 0.9833, as the only trial at this rung, which waited for more.",
  );
  assert.match(reasonOf({ execution: 1, epoch: 3 }), /^In epoch 4 of execution 2 its best val_accuracy/);
});
