import { studentMargin } from "../numeric/distribution/student-distribution.js";

/** An estimate of a number: its expected value and the ends of its 95 % interval. */
export interface Expectation {
  readonly mean: number;
  readonly low: number;
  readonly high: number;
}

const CONFIDENCE = 0.95;

/** Returns the mean of at least one number. */
export function meanOf(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value / values.length, 0);
}

/** Returns the sample variance (divisor n - 1) of at least two numbers. */
export function varianceOf(values: readonly number[]): number {
  const mean = meanOf(values);
  return values.reduce((sum, value) => sum + ((value - mean) * (value - mean)) / (values.length - 1), 0);
}

/**
 * Returns the mean of independent, normally distributed numbers with Student's 95 % interval.
 *
 * @param values - at least two, finite
 */
export function meanInterval(values: readonly number[]): Expectation {
  const mean = meanOf(values);
  const margin = studentMargin(CONFIDENCE, values.length - 1) * Math.sqrt(varianceOf(values) / values.length);
  return { mean, low: mean - margin, high: mean + margin };
}
