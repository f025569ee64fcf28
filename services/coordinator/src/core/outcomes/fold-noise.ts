// The noise of objectives that are means over folds.
//
//   y_ij  objective of trial i with fold j for validation
//   e_j   effect of fold j, common to all trials: the median over i of y_ij - mean_j(y_ij)
//   n     number of trials
//
// Folds differ far more than trials do. Means over the same folds share the effects e_j, which
// therefore are no noise of a comparison.

import { meanOf, varianceOf } from "@sintonia/tuning/selection/mean-interval";

/** Fewest trials that tell the effects of the folds from noise. */
const TRIALS_MIN = 2;

/**
 * Returns the sample variance of each trial's objectives without the effects of the folds, with the
 * factor n / (n - 1) for the estimated effects.
 *
 * @param objectives - y; shape (n, folds)
 * @returns shape (n,); undefined for fewer than two trials
 */
export function foldNoise(objectives: readonly (readonly number[])[]): readonly number[] | undefined {
  const { length: count } = objectives;
  const [first] = objectives;
  if (first === undefined || count < TRIALS_MIN) return undefined;
  const centred = objectives.map((row) => {
    const mean = meanOf(row);
    return row.map((value) => value - mean);
  });
  const effects = first.map((_, fold) => median(centred.map((row) => row[fold] as number)));
  return centred.map(
    (row) => (varianceOf(row.map((value, fold) => value - (effects[fold] as number))) * count) / (count - 1),
  );
}

function median(values: readonly number[]): number {
  const sorted = Float64Array.from(values).sort();
  const middle = sorted.length >> 1;
  const upper = sorted[middle] as number;
  return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] as number) + upper) / 2;
}
