import { SOBOL_DIMENSIONS_MAX } from "../numeric/direction-numbers.js";
import { spreadPoints } from "../numeric/low-discrepancy.js";
import { sobolSequence } from "../numeric/sobol.js";
import { createRandom, deriveSeed } from "../random/random.js";
import type { SamplePair } from "./sobol-indices.js";

/**
 * Returns pairs of points (a, b) that fill the unit cube of 2 d dimensions evenly. The pairs are
 * terms of a scrambled Sobol sequence, or of Roberts' sequence if 2 d > SOBOL_DIMENSIONS_MAX.
 *
 * @param d - number of dimensions of each point, at least 1
 * @param count - number of pairs; a Sobol sequence is most even for powers of 2
 * @param seed - unsigned 32-bit integer; different seeds give independent designs
 * @returns `count` pairs of points, each of shape (d,) with coordinates in [0, 1)
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
