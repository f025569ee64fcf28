import assert from "node:assert/strict";
import { test } from "node:test";
import type { LearningRateSchedule } from "@sintonia/tuning/plan/training-plan";
import { learningRateAt } from "./learning-rate.js";

/** Relative: a handful of float32 roundings against float64. */
const TOLERANCE = 5e-7;

function assertRates(schedule: LearningRateSchedule, rates: readonly (readonly [step: number, rate: number])[]): void {
  for (const [step, rate] of rates) {
    const found = learningRateAt(schedule, step);
    assert.equal(found, Math.fround(found));
    assert.ok(Math.abs(found - rate) <= TOLERANCE * rate, `step ${step}: ${found}, expected ${rate}`);
  }
}

test("rounds a constant rate to float32", () => {
  assert.equal(learningRateAt(0.1, 1000), Math.fround(0.1));
});

test("follows half a cosine down to alpha and stays there", () => {
  const schedule = {
    type: "CosineDecay",
    initialLearningRate: 0.2,
    decaySteps: 4,
    alpha: 0.1,
    warmupSteps: 7,
  } as const;
  const at = (share: number) => 0.2 * (0.9 * share + 0.1);
  const [early, late] = [(1 + Math.SQRT1_2) / 2, (1 - Math.SQRT1_2) / 2];
  assertRates(schedule, [
    [0, 0.2],
    [1, at(early)],
    [2, at(0.5)],
    [3, at(late)],
    [4, 0.02],
    [100, 0.02],
  ]);
});

test("warms up linearly to the target and then follows the cosine", () => {
  const schedule = {
    type: "CosineDecay",
    initialLearningRate: 0.1,
    decaySteps: 2,
    alpha: 0.5,
    warmupTarget: 0.5,
    warmupSteps: 4,
  } as const;
  assertRates(schedule, [
    [0, 0.1],
    [1, 0.2],
    [3, 0.4],
    [4, 0.5],
    [5, 0.375],
    [6, 0.25],
    [7, 0.25],
  ]);
  assertRates({ ...schedule, warmupSteps: 0 }, [[0, 0.5]]);
});

test("decays by the same factor continuously or in steps", () => {
  const smooth = {
    type: "ExponentialDecay",
    initialLearningRate: 0.8,
    decaySteps: 2,
    decayRate: 0.25,
    staircase: false,
  } as const;
  assertRates(smooth, [
    [0, 0.8],
    [1, 0.4],
    [2, 0.2],
    [3, 0.1],
  ]);
  assertRates({ ...smooth, staircase: true }, [
    [0, 0.8],
    [1, 0.8],
    [2, 0.2],
    [3, 0.2],
  ]);
});

test("keeps each constant up to and including its boundary", () => {
  const schedule = { type: "PiecewiseConstantDecay", boundaries: [2, 5], values: [0.3, 0.2, 0.1] } as const;
  assertRates(schedule, [
    [0, 0.3],
    [2, 0.3],
    [3, 0.2],
    [5, 0.2],
    [6, 0.1],
    [1000, 0.1],
  ]);
});
