// Improvement of a normally distributed target over the best one.
//
//   t ~ N(mean, sd²)   the target at a point; larger is better
//   best               the target to improve on
//   gain               an increasing function of t with gain(best) = 0, in other units

import { logNormalCdf } from "../../../numeric/distribution/normal-distribution.js";

/** The distribution of a target: its mean, and its standard deviation above 0. */
export interface NormalTarget {
  readonly mean: number;
  readonly sd: number;
}

/** Returns P(t > best). */
export function improvementProbability({ mean, sd }: NormalTarget, best: number): number {
  return Math.exp(logNormalCdf((mean - best) / sd));
}

/**
 * Width of the integral on each side of the mean, in standard deviations. The tails beyond weigh
 * less than 1e-15.
 */
const REACH = 8;
/**
 * Intervals of Simpson's rule; even. Over at most 16 standard deviations the relative error is
 * below 1e-4, down to integrals of 1e-12 sd.
 */
const PARTS = 256;

/**
 * Returns the expected gain, E[gain(t); t > best].
 *
 * @param gain - defined for t ≥ best
 */
export function expectedGain(target: NormalTarget, best: number, gain: (target: number) => number): number {
  const expected = integrate(target, best, gain);
  if (Number.isFinite(expected)) return expected;
  // The sum of the largest numbers overflows, their mean does not.
  const scaled = integrate(target, best, (reached) => Math.min(Number.MAX_VALUE, gain(reached)) / PARTS ** 2);
  return Math.min(Number.MAX_VALUE, scaled * PARTS ** 2);
}

function integrate({ mean, sd }: NormalTarget, best: number, gain: (target: number) => number): number {
  // If the mean is far below `best`, the integrand is concentrated next to `best`.
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
