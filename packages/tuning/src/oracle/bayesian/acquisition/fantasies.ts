// What the pending trials may yet bring: samples of their joint outcome, the same ones wherever the acquisition function
// is asked (common random numbers), so that it is smooth.

import type { Random } from "../../../random/random.js";

/** Half of the samples; the others are their mirror images, so that the samples' mean is the expectation exactly. */
const SAMPLE_PAIRS = 32;

/**
 * Standard normal samples of what is not known of the pending trials' outcomes.
 *
 * @param pending - number of trials
 * @returns samples of shape (pending,): a single empty one if nothing is pending
 */
export function fantasies(pending: number, random: Random): Float64Array[] {
  if (pending === 0) return [new Float64Array(0)];
  return Array.from({ length: SAMPLE_PAIRS }, () =>
    Float64Array.from({ length: pending }, () => random.normal()),
  ).flatMap((sample) => [sample, sample.map((value) => -value)]);
}
