import { type Share, shareOf } from "./share.js";
import type { Sample, SobolIndices } from "./sobol-indices.js";

/** The interaction of two parameters. */
export interface PairImportance {
  /** Names of the parameters. */
  readonly parameters: readonly [string, string];
  /** (V_ij - V_i - V_j) / V in the notation of sobol-indices.ts. */
  readonly interaction: Share;
}

/** Two parameters and the indices of their coordinates. */
export interface CoordinatePair {
  /** Names of the parameters. */
  readonly parameters: readonly [string, string];
  /** Indices i and j into the points of a sample. */
  readonly coordinates: readonly [number, number];
}

/** Number of pairs that a report shows. */
const PAIRS_MAX = 3;
/** Interactions up to this multiple of their standard error count as sampling error. */
const ERRORS_MIN = 2;

/**
 * Returns at most three pairs by falling interaction. Pairs with an interaction of at most twice
 * its standard error are left out.
 *
 * @param samples - independent samples of one function
 * @param indices - the indices of each sample, in the order of the samples
 * @param pairs - the pairs to estimate
 */
export function largestPairs(
  samples: readonly Sample[],
  indices: readonly SobolIndices[],
  pairs: readonly CoordinatePair[],
): PairImportance[] {
  return pairs
    .map(({ parameters, coordinates: [i, j] }) => {
      const alone = ({ first }: SobolIndices) => (first[i] as number) + (first[j] as number);
      const interactions = samples.map((sample, k) => sample.closedShare([i, j]) - alone(indices[k] as SobolIndices));
      return { parameters, interaction: shareOf(interactions) };
    })
    .filter(({ interaction }) => interaction.share > ERRORS_MIN * interaction.error)
    .sort((a, b) => b.interaction.share - a.interaction.share)
    .slice(0, PAIRS_MAX);
}
