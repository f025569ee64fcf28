import { type Classes, refuseUnknownClasses } from "../examples/targets.js";
import type { SplitRows } from "../split/split-rows.js";

/** The facts about the validation rows of a fold. */
export interface FoldFacts {
  readonly rows: number;
  /** Classes, counted from 0, without a row for validation; none of a regression. */
  readonly absentClasses: readonly number[];
}

/** The folds of a data set and its classes. */
export interface Folds {
  readonly count: number;
  /** Returns the rows of each split with a fold, from 0, for validation. */
  readonly rowsOf: (fold: number) => SplitRows;
  /** Undefined for a regression. */
  readonly classes: Classes | undefined;
  /** Name of the column of the classes. */
  readonly target: string;
}

/**
 * Divides the rows by each fold and refuses a fold that cannot be trained.
 *
 * @throws {DataError} if a class is in the validation rows of a fold and in no training row of it
 */
export function checkFolds({ count, rowsOf, classes, target }: Folds): readonly FoldFacts[] {
  return Array.from({ length: count }, (_, fold) => {
    const { train, validation } = rowsOf(fold);
    if (classes === undefined) return { rows: validation.rows.length, absentClasses: [] };
    refuseUnknownClasses(classes, target, { train, other: validation, name: `validation split of fold ${fold + 1}` });
    return { rows: validation.rows.length, absentClasses: absentFrom(validation, classes) };
  });
}

function absentFrom({ table, rows }: SplitRows["validation"], classes: Classes): number[] {
  const present = new Uint8Array(classes.names.length);
  const read = classes.indexOf(table);
  for (const row of rows) present[read(row)] = 1;
  return classes.names.flatMap((_, of) => (present[of] === 0 ? [of] : []));
}
