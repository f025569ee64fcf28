// The rungs at which the trials of a study wait, by its pruner.

import { REDUCTION_FACTOR } from "@sintonia/tuning/pruner/curve/race/rungs";
import { rungsBelow } from "@sintonia/tuning/pruner/halving/bracket";
import { hyperbandBrackets } from "@sintonia/tuning/pruner/halving/hyperband-brackets";

/** Trials that are compared with each other at the same rungs. */
export interface RaceBracket {
  /** Epochs of each rung, ascending. */
  readonly rungs: readonly number[];
  /** One trial of this number goes on from a rung. */
  readonly reductionFactor: number;
  /** Trials that go on from each rung at least, once no other trial trains. */
  readonly least: number;
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
  /** Number of trials that it will have. */
  readonly count: number;
  /** Expected number of epochs of a whole training. */
  readonly end: number;
  /** Largest number of epochs of a trial. */
  readonly maxEpochs: number;
}

/** Returns the function from the number of a trial in a search to its bracket. */
export function bracketsOf(pruner: RaceSettings, search: RacedSearch): (number: number) => RaceBracket {
  const { count, end } = search;
  if (pruner.type === "hyperband") return hyperbandOf(pruner, search);
  const { minEpochs, reductionFactor } = pruner.type === "asha" ? pruner : CURVE;
  const least =
    pruner.type === "asha" ? 1 : (pruner.finalists ?? Math.max(1, Math.floor(count / CURVE.trialsPerFinalist)));
  const bracket = { rungs: rungsBelow(end, minEpochs, reductionFactor), reductionFactor, least };
  return () => bracket;
}

function hyperbandOf(
  { minEpochs, maxEpochs, reductionFactor }: Extract<RaceSettings, { type: "hyperband" }>,
  { end, maxEpochs: planned }: RacedSearch,
): (number: number) => RaceBracket {
  const { brackets, bracketOf } = hyperbandBrackets(maxEpochs ?? planned, minEpochs, reductionFactor);
  const raced = new Map(
    brackets.map((bracket) => {
      const rungs = bracket.rungs.filter((rung) => rung < end);
      return [bracket, { rungs, reductionFactor, least: 1 }];
    }),
  );
  return (number) => raced.get(bracketOf(number)) as RaceBracket;
}
