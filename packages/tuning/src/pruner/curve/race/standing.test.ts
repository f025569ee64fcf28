import assert from "node:assert/strict";
import { test } from "node:test";
import type { LearningCurve } from "../../contract/pruner.js";
import { curveOf } from "../../curves.fixture.js";
import { standingAt } from "./standing.js";

/** Returns a curve whose rate falls after a number of epochs. */
function falling(number: number, state: LearningCurve["state"], objectives: number[], fall: number): LearningCurve {
  const rates = objectives.map((_, epoch) => (epoch < fall ? 0.01 : 0.001));
  return { ...curveOf(number, state, objectives), learningRates: [rates] };
}

function scores(epochs: number, trials: readonly LearningCurve[]): number[] {
  return [...standingAt(epochs, trials, "maximize").scores].map((score) => Number(score.toFixed(9)));
}

test("a score is between the best epoch up to the rung and the mean of the latter half of the epochs", () => {
  assert.deepEqual(scores(4, [curveOf(0, "running", [0, 0, 0.5, 0.7, 9])]), [0.65]);
  assert.deepEqual(scores(4, [curveOf(0, "running", [0, 0.9, 0.5, 0.7])]), [0.75]);
  assert.deepEqual(scores(1, [curveOf(0, "running", [0.3, 0.9])]), [0.3]);
  assert.deepEqual([...standingAt(1, [curveOf(0, "paused", [3])], "minimize").scores], [-3]);
  const huge = standingAt(4, [curveOf(0, "paused", [1e308, 1e308, 1e308, 1e308])], "maximize");
  assert.deepEqual([...huge.scores], [1e308]);
});

test("a rung has the trials that reached it, whatever became of them, and those that ended before", () => {
  const trials = [
    curveOf(0, "paused", [1]),
    curveOf(1, "pruned", [1, 2, 3, 4]),
    curveOf(2, "completed", [2, 2]),
    curveOf(3, "running", [5], [1]),
    curveOf(4, "running"),
  ];
  const { curves } = standingAt(4, trials, "maximize");
  assert.deepEqual(
    curves.map(({ trialNumber }) => trialNumber),
    [1, 2, 3],
  );
  assert.deepEqual(scores(4, trials), [3.75, 2, 5]);
});

test("a reduction that is due counts as the gain that it brought completed trials", () => {
  const done = falling(0, "completed", [0.5, 0.5, 0.5, 0.5, 0.5, 0.5, 0.7, 0.7], 6);
  const early = falling(1, "paused", [0.5, 0.5, 0.65, 0.65], 2);
  const late = falling(2, "paused", [0.55, 0.55, 0.55, 0.55], 9);
  assert.deepEqual(scores(4, [done, early, late]), [0.7, 0.65, 0.75]);
  const level = falling(1, "paused", [0.5, 0.5, 0.5, 0.5], 9);
  assert.deepEqual(scores(4, [done, level, late]), [0.5, 0.5, 0.55], "all trials are at one place");
});

test("no gain is due where no completed trial was at one of the places", () => {
  const done = falling(0, "completed", [0.5, 0.5, 0.5, 0.5, 0.6], 9);
  const early = falling(1, "paused", [0.5, 0.5, 0.65, 0.65], 2);
  assert.deepEqual(scores(4, [done, early]), [0.5, 0.65]);
});

test("a level has only epochs of the phase", () => {
  assert.deepEqual(scores(4, [falling(0, "paused", [0, 0, 0, 0.8], 3)]), [0.8]);
});
