// The rungs at which the trials of a study wait, by its pruner.

import type { Trial } from "@sintonia/proto/sintonia/v1/study";
import { REDUCTION_FACTOR } from "@sintonia/tuning/pruner/curve/race/rungs";
import { rungsBelow } from "@sintonia/tuning/pruner/halving/bracket";
import { hyperbandBrackets } from "@sintonia/tuning/pruner/halving/hyperband-brackets";

/** Trials that are compared with each other at the same rungs. */
export interface RaceBracket {
  /** Epochs of each rung, ascending. */
  readonly rungs: readonly number[];
  /** One trial of this number goes on from a rung. */
  readonly reductionFactor: number;
  /** Trials that go on from each rung at least. */
  readonly least: number;
  /** Number of its trials that the search will have. */
  readonly count: number;
  /** Those of them that exist. */
  readonly trials: readonly Trial[];
}

/** The pruners with rungs, and their settings in a spec. */
export type RaceSettings =
  | { readonly type: "asha"; readonly minEpochs: number; readonly reductionFactor: number }
  | {
      readonly type: "hyperband";
      readonly minEpochs: number;
      readonly maxEpochs?: number;
      readonly reductionFactor: number;
    }
  | { readonly type: "curve"; readonly finalists?: number };

/** The race of `curve`: two rungs let one of 16 trials pass, which goes on to its end. */
const CURVE = { minEpochs: 1, reductionFactor: REDUCTION_FACTOR, trialsPerFinalist: REDUCTION_FACTOR ** 2 } as const;

/** The search that is divided into brackets. */
export interface RacedSearch {
  /** Its trials. */
  readonly trials: readonly Trial[];
  /** Number of trials that it will have. */
  readonly count: number;
  /** Expected number of epochs of a whole training. */
  readonly end: number;
  /** Largest number of epochs of a trial. */
  readonly maxEpochs: number;
}

/** Returns the brackets of a search. */
export function bracketsOf(pruner: RaceSettings, search: RacedSearch): RaceBracket[] {
  const { trials, count, end } = search;
  if (pruner.type === "hyperband") return hyperbandOf(pruner, search);
  const { minEpochs, reductionFactor } = pruner.type === "asha" ? pruner : CURVE;
  const least =
    pruner.type === "asha" ? 1 : (pruner.finalists ?? Math.max(1, Math.floor(count / CURVE.trialsPerFinalist)));
  return [{ rungs: rungsBelow(end, minEpochs, reductionFactor), reductionFactor, least, count, trials }];
}

function hyperbandOf(
  { minEpochs, maxEpochs, reductionFactor }: Extract<RaceSettings, { type: "hyperband" }>,
  { trials, count, end, maxEpochs: planned }: RacedSearch,
): RaceBracket[] {
  const { brackets, bracketOf } = hyperbandBrackets(maxEpochs ?? planned, minEpochs, reductionFactor);
  const numbers = Array.from({ length: count }, (_, number) => bracketOf(number));
  return brackets.map((bracket) => ({
    rungs: bracket.rungs.filter((rung) => rung < end),
    reductionFactor,
    least: 1,
    count: numbers.filter((own) => own === bracket).length,
    trials: trials.filter(({ id }) => numbers[Number(id)] === bracket),
  }));
}
