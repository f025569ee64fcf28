import { studentMargin } from "../numeric/student-distribution.js";

/** What is expected of a number, and the ends of the interval that holds it with a probability of 95 %. */
export interface Expectation {
  readonly mean: number;
  readonly low: number;
  readonly high: number;
}

const CONFIDENCE = 0.95;

/** Mean of some numbers; at least one. */
export function meanOf(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value / values.length, 0);
}

/** Variance of single numbers around their mean, over count - 1; at least two. */
export function varianceOf(values: readonly number[]): number {
  const mean = meanOf(values);
  return values.reduce((sum, value) => sum + ((value - mean) * (value - mean)) / (values.length - 1), 0);
}

/**
 * The mean of independent, normally distributed numbers, with Student's interval.
 *
 * @param values - at least two, finite
 */
export function meanInterval(values: readonly number[]): Expectation {
  const mean = meanOf(values);
  const margin = studentMargin(CONFIDENCE, values.length - 1) * Math.sqrt(varianceOf(values) / values.length);
  return { mean, low: mean - margin, high: mean + margin };
}
