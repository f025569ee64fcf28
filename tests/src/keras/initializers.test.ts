import assert from "node:assert/strict";
import { test } from "node:test";
import { initialize } from "@sintonia/training/initializer/initializers";
import type { DenseLayer, Initializer } from "@sintonia/tuning/plan/training-plan";
import { createRandom } from "@sintonia/tuning/random/random";
import { type InitializerStatistics, planWith, readInitializerStatistics } from "./traces.js";

/**
 * Tolerance for the difference of a statistic between two samples: five standard errors, in units
 * of the standard deviation of the values. For n values of a normal distribution the standard error
 * of the mean is 1 / sqrt(n), of the standard deviation at most 0.71 / sqrt(n), of a quartile at
 * most 1.37 / sqrt(n).
 */
const ERRORS = { mean: 5 * Math.SQRT2, stddev: 5, quartile: 9.7 };

for (const expected of readInitializerStatistics()) {
  const { initializer, shape } = expected;
  test(`draws from the same distribution as Keras, shape ${shape.join(" x ")}: ${JSON.stringify(initializer)}`, () => {
    const values = initialize(parsed(initializer, shape), shape, createRandom(3)).sort();
    const found = statistics(values);
    const unit = expected.stddev / Math.sqrt(values.length);
    assertNear(found.mean, expected.mean, ERRORS.mean * unit, "mean");
    assertNear(found.stddev, expected.stddev, ERRORS.stddev * unit, "standard deviation");
    for (const [index, quartile] of expected.quartiles.entries()) {
      assertNear(found.quartiles[index] as number, quartile, ERRORS.quartile * unit, `quartile ${index + 1}`);
    }
    if (isBounded(initializer)) assertSameBounds(found, expected, values.length);
  });
}

function parsed(initializer: Initializer, shape: readonly number[]): Initializer {
  const use = shape.length === 1 ? "biasInitializer" : "kernelInitializer";
  const plan = planWith({ layers: [{ units: 10, activation: "softmax", [use]: initializer }] });
  return (plan.model.layers[0] as DenseLayer)[use];
}

function statistics(sorted: Float32Array): Omit<InitializerStatistics, "initializer" | "shape"> {
  const { length } = sorted;
  const mean = sorted.reduce((sum, value) => sum + value, 0) / length;
  const stddev = Math.sqrt(sorted.reduce((sum, value) => sum + (value - mean) ** 2, 0) / length);
  const quartiles = [0.25, 0.5, 0.75].map((share) => sorted[Math.round(share * (length - 1))] as number);
  return { mean, stddev, min: sorted[0] as number, max: sorted[length - 1] as number, quartiles };
}

function isBounded(initializer: Initializer): boolean {
  if (initializer.type === "VarianceScaling") return initializer.distribution !== "untruncated_normal";
  return initializer.type !== "RandomNormal" && initializer.type !== "Orthogonal";
}

/**
 * Compares least and largest value. The distance of the extremes of n values from their bounds is
 * of order 1/n, and larger for a truncated normal than for a uniform distribution.
 */
function assertSameBounds(found: { min: number; max: number }, keras: InitializerStatistics, count: number): void {
  const width = keras.max - keras.min;
  assertNear(found.min, keras.min, (50 / count) * width, "least value");
  assertNear(found.max, keras.max, (50 / count) * width, "largest value");
}

function assertNear(actual: number, keras: number, limit: number, what: string): void {
  assert.ok(Math.abs(actual - keras) <= limit + 1e-7, `${what}: ${actual}, Keras ${keras}, within ${limit}`);
}
