import type { Pruner } from "./contract/pruner.js";
import type { AshaSettings } from "./contract/settings.js";
import { type Bracket, rungsBelow } from "./halving/bracket.js";
import { halvingPruner } from "./halving/halving-pruner.js";

/**
 * Returns the asynchronous successive halving algorithm: one bracket with the rungs
 * minEpochs * reductionFactor^k, k = 0, 1, ..., below the largest number of epochs.
 *
 * @see Li et al. 2020, A System for Massively Parallel Hyperparameter Tuning
 */
export function ashaPruner({ minEpochs, reductionFactor }: AshaSettings): Pruner {
  const brackets = new Map<number, Bracket>();
  const bracketOf = (_: number, maxEpochs = Number.MAX_SAFE_INTEGER) => {
    const known = brackets.get(maxEpochs);
    if (known !== undefined) return known;
    const bracket = { number: undefined, rungs: rungsBelow(maxEpochs, minEpochs, reductionFactor) };
    brackets.set(maxEpochs, bracket);
    return bracket;
  };
  return halvingPruner("asha", { reductionFactor, bracketOf });
}
