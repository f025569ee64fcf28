import { spreadPoints } from "../numeric/low-discrepancy.js";
import { SOBOL_DIMENSIONS_MAX } from "../oracle/quasi-random/direction-numbers.js";
import { sobolSequence } from "../oracle/quasi-random/sobol.js";
import { createRandom, deriveSeed } from "../random/random.js";
import type { SamplePair } from "./sobol-indices.js";

/**
 * Pairs of points that fill the unit cube of both evenly: terms of a scrambled Sobol sequence, or of an additive one where
 * there are too many dimensions for it. Seeds give independent designs.
 *
 * @param d - number of dimensions of each point, at least 1
 * @param count - number of pairs; a power of 2 is best
 * @param seed - unsigned 32-bit integer
 */
export function pairDesign(d: number, count: number, seed: number): SamplePair[] {
  return pointsOf(2 * d, count, seed).map((point) => ({ a: point.slice(0, d), b: point.slice(d) }));
}

function pointsOf(d: number, count: number, seed: number): Float64Array[] {
  if (d <= SOBOL_DIMENSIONS_MAX) {
    const sequence = sobolSequence(d, deriveSeed(seed, "importance"));
    return Array.from({ length: count }, (_, index) => sequence.point(index));
  }
  const random = createRandom(deriveSeed(seed, "importance"));
  return spreadPoints(
    count,
    Float64Array.from({ length: d }, () => random.uniform()),
  );
}
