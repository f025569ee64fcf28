import type { Pruner } from "./contract/pruner.js";
import type { HyperbandSettings } from "./contract/settings.js";
import type { Bracket } from "./halving/bracket.js";
import { halvingPruner } from "./halving/halving-pruner.js";
import { type Brackets, hyperbandBrackets } from "./halving/hyperband-brackets.js";

/** The bracket of each trial where the largest number of epochs is unknown. */
const NO_RUNGS: Bracket = { number: 0, rungs: [] };

/**
 * Returns asynchronous Hyperband: brackets that differ in their first rung, each of which is
 * halved like `asha`. Prunes nothing if neither the settings nor the plan states the largest number
 * of epochs.
 *
 * @see Li et al. 2018, Hyperband; Li et al. 2020, A System for Massively Parallel Hyperparameter
 *   Tuning
 */
export function hyperbandPruner({ minEpochs, maxEpochs, reductionFactor }: HyperbandSettings): Pruner {
  const known = new Map<number, Brackets>();
  const bracketsOf = (most: number) => {
    const brackets = known.get(most) ?? hyperbandBrackets(most, minEpochs, reductionFactor);
    known.set(most, brackets);
    return brackets;
  };
  return halvingPruner("hyperband", {
    reductionFactor,
    bracketOf(trialNumber, planned) {
      const most = maxEpochs ?? planned;
      return most === undefined ? NO_RUNGS : bracketsOf(most).bracketOf(trialNumber);
    },
  });
}
