// The rungs at which the trials of a study wait, by its pruner.

import { finalistsOf, type ReachedRung, widthAt } from "@sintonia/tuning/pruner/curve/race/finalists";
import { REDUCTION_FACTOR } from "@sintonia/tuning/pruner/curve/race/rungs";
import { rungsBelow } from "@sintonia/tuning/pruner/halving/bracket";
import { hyperbandBrackets } from "@sintonia/tuning/pruner/halving/hyperband-brackets";

/** Trials that are compared with each other at the same rungs. */
export interface RaceBracket {
  /** Epochs of each rung, ascending. */
  readonly rungs: readonly number[];
  /** One trial of this number goes on from a rung. */
  readonly reductionFactor: number;
  /** Returns how many trials go on from a rung at least, once no other trial trains. */
  leastAt(rung: ReachedRung): number;
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

/** The rungs of `curve`. */
const CURVE = { minEpochs: 1, reductionFactor: REDUCTION_FACTOR } as const;

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
  if (pruner.type === "hyperband") return hyperbandOf(pruner, search);
  const { minEpochs, reductionFactor } = pruner.type === "asha" ? pruner : CURVE;
  const rungs = rungsBelow(search.end, minEpochs, reductionFactor);
  const leastAt = pruner.type === "asha" ? one : finalistsAt(rungs, pruner.finalists, search);
  const bracket = { rungs, reductionFactor, leastAt };
  return () => bracket;
}

function one(): number {
  return 1;
}

/** Returns how many trials the rungs of `curve` let pass for its finalists. */
function finalistsAt(
  rungs: readonly number[],
  stated: number | undefined,
  { count }: RacedSearch,
): RaceBracket["leastAt"] {
  if (stated === undefined) return () => finalistsOf(count);
  return (at) => (at.rung === rungs.at(-1) ? stated : widthAt(at, stated));
}

function hyperbandOf(
  { minEpochs, maxEpochs, reductionFactor }: Extract<RaceSettings, { type: "hyperband" }>,
  { end, maxEpochs: planned }: RacedSearch,
): (number: number) => RaceBracket {
  const { brackets, bracketOf } = hyperbandBrackets(maxEpochs ?? planned, minEpochs, reductionFactor);
  const raced = new Map(
    brackets.map((bracket) => {
      const rungs = bracket.rungs.filter((rung) => rung < end);
      return [bracket, { rungs, reductionFactor, leastAt: one }];
    }),
  );
  return (number) => raced.get(bracketOf(number)) as RaceBracket;
}
