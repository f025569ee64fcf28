import { type Share, shareOf } from "./share.js";
import type { Sample, SobolIndices } from "./sobol-indices.js";

/** What two parameters account for together, beyond what each does alone. */
export interface PairImportance {
  readonly parameters: readonly [string, string];
  readonly interaction: Share;
}

/** Two parameters and their coordinates. */
export interface CoordinatePair {
  readonly parameters: readonly [string, string];
  readonly coordinates: readonly [number, number];
}

const PAIRS_MAX = 3;

/**
 * The pairs with the largest interactions, at most three; only those that are larger than twice their error.
 *
 * @param indices - those of the samples, in their order
 */
export function largestPairs(
  samples: readonly Sample[],
  indices: readonly SobolIndices[],
  pairs: readonly CoordinatePair[],
): PairImportance[] {
  return pairs
    .map(({ parameters, coordinates: [i, j] }) => {
      const alone = ({ first }: SobolIndices) => (first[i] as number) + (first[j] as number);
      const together = samples.map((sample, k) => sample.closedShare([i, j]) - alone(indices[k] as SobolIndices));
      return { parameters, interaction: shareOf(together) };
    })
    .filter(({ interaction }) => interaction.share > 2 * interaction.error)
    .sort((a, b) => b.interaction.share - a.interaction.share)
    .slice(0, PAIRS_MAX);
}
