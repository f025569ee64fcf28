import assert from "node:assert/strict";

/** Statistics of a sample. */
export interface Moments {
  readonly mean: number;
  readonly stddev: number;
  readonly min: number;
  readonly max: number;
}

/** Computes the statistics of a sample. */
export function moments(values: Float32Array): Moments {
  let [sum, squares, min, max] = [0, 0, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (const value of values) {
    sum += value;
    squares += value * value;
    min = Math.min(min, value);
    max = Math.max(max, value);
  }
  const mean = sum / values.length;
  return { mean, stddev: Math.sqrt(squares / values.length - mean * mean), min, max };
}

/** Asserts that the share of values below a limit is as expected, within five standard errors. */
export function assertShareBelow(values: Float32Array, limit: number, share: number): void {
  const below = values.filter((value) => value < limit).length / values.length;
  const error = 5 * Math.sqrt((share * (1 - share)) / values.length);
  assert.ok(Math.abs(below - share) <= error, `share below ${limit}: ${below}, expected ${share} within ${error}`);
}
