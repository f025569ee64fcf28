import type { SplitPlan } from "@sintonia/tuning/plan/data-set/file-data-set";
import { createRandom, deriveSeed } from "@sintonia/tuning/random/random";
import type { DivisionBasis, RowSplit, Shares } from "./division.js";
import { divideGroups } from "./groups.js";
import { divideStrata } from "./strata.js";
import { divideByTime } from "./time.js";

/** The share of validation and test rows if the plan does not name one. */
export const DEFAULT_SHARE = 0.15;

/** Divides rows. The result depends on the arguments alone. */
export function divideRows(rows: Uint32Array, shares: Shares, basis: DivisionBasis, seed: number): RowSplit {
  if (basis.times !== undefined) return divideByTime(rows, shares, basis.times);
  const random = createRandom(deriveSeed(seed, "split"));
  if (basis.groups !== undefined) return divideGroups(rows, shares, basis.groups, random);
  return divideStrata(rows, shares, basis.strata ?? (() => 0), random);
}

/** Returns the shares that a plan asks for, where files do not give a split. */
export function sharesOf(plan: SplitPlan, given: { validation: boolean; test: boolean }, fold: number): Shares {
  const { validation = DEFAULT_SHARE, test = DEFAULT_SHARE, folds } = plan;
  return {
    validation: given.validation || folds !== undefined ? 0 : validation,
    test: given.test ? 0 : test,
    fold: folds === undefined ? undefined : { index: fold, count: folds },
  };
}
