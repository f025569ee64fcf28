import assert from "node:assert/strict";
import { test } from "node:test";
import type { LearningCurve, PromotionRequest } from "./contract/pruner.js";
import { curveOf, evidenceOf, requestOf } from "./curves.fixture.js";
import { createPruner } from "./registry.js";

const pruner = createPruner({ type: "asha", minEpochs: 1, reductionFactor: 2 });

function judge(trial: LearningCurve, others: readonly LearningCurve[], maxEpochs: number | undefined = 100) {
  return pruner.judge(requestOf(trial, others, { maxEpochs }));
}

const goesOn = { goal: "maximize", maxEpochs: 100, canBegin: true, isLast: false } as const;

function promotions(trials: readonly LearningCurve[], request: Partial<PromotionRequest> = {}) {
  const all = pruner.promotions?.({ ...goesOn, trials, ...request }) ?? [];
  return all.map(({ trialNumber, rung }) => `${trialNumber} from ${rung}`);
}

const paused = (number: number, ...objectives: number[]) => curveOf(number, "paused", objectives);

test("pauses a trial at a rung until one in reductionFactor goes on, and promotes the best at once", () => {
  assert.equal(judge(curveOf(0, "running", [0.5]), []).kind, "pause");
  assert.deepEqual(judge(curveOf(1, "running", [0.6]), [paused(0, 0.5)]), { kind: "promote", rung: 1 });
  assert.equal(judge(curveOf(1, "running", [0.4]), [paused(0, 0.5)]).kind, "pause");
});

test("judges at the rungs minEpochs * reductionFactor^k below the last epoch only", () => {
  const verdicts = (maxEpochs: number | undefined, factor: number) => {
    const asha = createPruner({ type: "asha", minEpochs: 2, reductionFactor: factor });
    const epochs = Array.from({ length: 20 }, (_, epoch) => epoch);
    const judged = epochs.flatMap((epoch) => {
      const trial = curveOf(0, "running", epochs.slice(0, epoch + 1));
      const verdict = asha.judge(requestOf(trial, [], { maxEpochs }));
      return verdict.kind === "continue" ? [] : [evidenceOf(verdict).epoch + 1];
    });
    return [...new Set(judged)];
  };
  assert.deepEqual(verdicts(undefined, 2), [2, 4, 8, 16]);
  assert.deepEqual(verdicts(16, 2), [2, 4, 8]);
  assert.deepEqual(verdicts(20, 3), [2, 6, 18]);
});

test("judges a trial at the rung that it has passed while the verdict was awaited", () => {
  const verdict = judge(curveOf(1, "running", [0.1, 0.2, 0.9]), [paused(0, 0.5)]);
  assert.deepEqual([verdict.kind, evidenceOf(verdict).epoch], ["pause", 1]);
});

test("gives no second verdict on a trial that was promoted from the rung", () => {
  const trial = { ...curveOf(1, "running", [0.1]), promotedFrom: 1 };
  assert.deepEqual(judge(trial, [paused(0, 0.5)]), { kind: "continue" });
});

test("judges no execution but the first", () => {
  const trial = curveOf(1, "running", [0.1, 0.1, 0.1], [0.1]);
  assert.deepEqual(judge(trial, [paused(0, 0.5)]), { kind: "continue" });
});

test("compares the best epochs up to the rung, in whatever state the others are", () => {
  const others = [
    curveOf(0, "pruned", [0.1, 0.2]),
    curveOf(1, "ended", [0.3, 0.1, 0.1]),
    // Better than this trial, but not up to the rung.
    curveOf(2, "running", [0.1, 0.1, 0.9]),
    // Has not reached the rung.
    curveOf(3, "running", [0.9]),
  ];
  assert.deepEqual(judge(curveOf(4, "running", [0.25, 0]), others), { kind: "promote", rung: 2 });
  const evidence = evidenceOf(judge(curveOf(4, "running", [0.15, 0]), others));
  assert.deepEqual(evidence, { pruner: "asha", execution: 0, epoch: 1, value: 0.15, limit: 0.2, trials: 4 });
});

test("a trial whose first execution ended by itself counts at later rungs with its best", () => {
  const others = [curveOf(0, "completed", [0.5]), curveOf(1, "running", [0.4], [0.9])];
  assert.equal(judge(curveOf(2, "running", [0.3, 0.45, 0.4, 0.4]), others).kind, "pause");
  assert.equal(judge(curveOf(2, "running", [0.3, 0.45, 0.4, 0.51]), others).kind, "promote");
});

test("prefers the lower number of equal trials", () => {
  assert.equal(judge(curveOf(1, "running", [0.5]), [paused(0, 0.5)]).kind, "pause");
  assert.equal(judge(curveOf(0, "running", [0.5]), [paused(1, 0.5)]).kind, "promote");
  assert.deepEqual(promotions([paused(0, 0.5), paused(1, 0.5), paused(2, 0.5)]), ["0 from 1"]);
});

test("promotes from the highest rung first, then the best, by the goal", () => {
  const trials = [
    paused(0, 0.9),
    paused(1, 0.8),
    paused(2, 0.1),
    paused(3, 0.2),
    paused(4, 0.3, 0.3),
    paused(5, 0.2, 0.2),
  ];
  assert.deepEqual(promotions(trials), ["4 from 2", "0 from 1", "1 from 1"]);
  assert.deepEqual(promotions(trials, { goal: "minimize" }), ["5 from 2", "2 from 1", "3 from 1"]);
});

test("promotes nobody before a rung has reductionFactor trials, except at the end", () => {
  assert.deepEqual(promotions([paused(0, 0.5)]), []);
  assert.deepEqual(promotions([paused(0, 0.5)], { isLast: true }), ["0 from 1"]);
});

test("in the end promotes at least one trial of each rung unless its best completed", () => {
  const asha = createPruner({ type: "asha", minEpochs: 1, reductionFactor: 4 });
  const last = (trials: readonly LearningCurve[]) =>
    asha.promotions?.({ ...goesOn, trials, canBegin: false, isLast: true }).map(({ trialNumber }) => trialNumber);
  assert.deepEqual(last([paused(0, 0.5), paused(1, 0.6), paused(2, 0.1, 0.2, 0.3, 0.3)]), [2, 1]);
  assert.deepEqual(last([paused(0, 0.5), curveOf(1, "completed", [0.6])]), []);
  assert.deepEqual(last([paused(0, 0.5), paused(1, 0.4), curveOf(2, "ended", [0.6])]), [0]);
  assert.deepEqual(last([curveOf(0, "ended", [0.5]), curveOf(1, "pruned", [0.4])]), []);
});

test("says why", () => {
  const evidence = { pruner: "asha", execution: 0, epoch: 3, value: 0.95, limit: 0.961 } as const;
  assert.equal(
    pruner.reason({ ...evidence, trials: 9 }, "val_accuracy"),
    "In epoch 4 its best val_accuracy, 0.95, was not among the best 4 of 9 trials at this rung, the last with 0.961.",
  );
  assert.equal(
    pruner.reason({ ...evidence, trials: 3, bracket: 2 }, "val_accuracy"),
    "In epoch 4 its best val_accuracy, 0.95, was not the best of 3 trials at this rung of bracket 2, 0.961.",
  );
});
