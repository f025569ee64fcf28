// Samples of the joint outcome of the pending trials. The same samples serve every point (common
// random numbers), so that the acquisition function is smooth.

import type { Random } from "../../../random/random.js";

/**
 * Number of antithetic pairs. The negative of each sample is a sample too, so their mean is exactly
 * 0.
 */
const SAMPLE_PAIRS = 32;

/**
 * Draws standard normal samples of the whitened outcomes of pending trials.
 *
 * @param pending - number of trials
 * @param pairs - number of antithetic pairs
 * @returns 2 · pairs samples of shape (pending,); one empty sample if no trial is pending
 */
export function fantasies(pending: number, random: Random, pairs = SAMPLE_PAIRS): Float64Array[] {
  if (pending === 0) return [new Float64Array(0)];
  return Array.from({ length: pairs }, () => Float64Array.from({ length: pending }, () => random.normal())).flatMap(
    (sample) => [sample, sample.map((value) => -value)],
  );
}
