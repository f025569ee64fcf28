// What a normally distributed target promises over the best one, told in other units through a rising function.

import { logNormalCdf } from "../../../numeric/normal-distribution.js";

/** A target of the process: its mean, and its standard deviation, above 0. */
export interface NormalTarget {
  readonly mean: number;
  readonly sd: number;
}

/** Probability that the target is above `best`. */
export function improvementProbability({ mean, sd }: NormalTarget, best: number): number {
  return Math.exp(logNormalCdf((mean - best) / sd));
}

/** Standard deviations above mean and best that the integral goes: what lies beyond weighs less than 1e-15. */
const REACH = 8;
/** Even. Simpson's rule over at most 16 standard deviations is right to 1e-4 of the integral with so many parts, where it is as small as 1e-12 of sd. */
const PARTS = 256;

/**
 * Mean of what `gain` gives above `best`, where the target has its distribution.
 *
 * @param gain - of a target at least as large as `best`; 0 there and rising
 */
export function expectedGain({ mean, sd }: NormalTarget, best: number, gain: (target: number) => number): number {
  // Far below the best, all that counts lies next to it.
  const low = Math.max(best, mean - REACH * sd);
  const high = Math.max(low, mean) + REACH * sd;
  const step = (high - low) / PARTS;
  let sum = 0;
  for (let i = 0; i <= PARTS; i++) {
    const target = low + i * step;
    const z = (target - mean) / sd;
    const weight = i === 0 || i === PARTS ? 1 : i % 2 === 1 ? 4 : 2;
    sum += weight * gain(target) * Math.exp(-0.5 * z * z);
  }
  return (sum * step) / (3 * sd * Math.sqrt(2 * Math.PI));
}
