/** The rows of each split, rising. No row is in two of them. */
export interface RowSplit {
  readonly train: Uint32Array;
  readonly validation: Uint32Array;
  readonly test: Uint32Array;
}

/** The number of rows to cut off. */
export interface Shares {
  /** Share of all rows, 0 for none. */
  readonly validation: number;
  /** Share of all rows, 0 for none. */
  readonly test: number;
  /** Number of folds and the fold that is the validation. Replaces `validation`. */
  readonly fold?: { readonly index: number; readonly count: number } | undefined;
}

/** What the division of rows depends on; codes and times by row of the table. */
export interface DivisionBasis {
  /** Class of each row. Each class has the same shares, and a row in `train`. */
  readonly strata?: ((row: number) => number) | undefined;
  /** Group of each row. A group is in one split. */
  readonly groups?: ((row: number) => number) | undefined;
  /** Time of each row. Earlier rows train, the latest are for the test. */
  readonly times?: ((row: number) => number) | undefined;
}

/** Returns the number of rows of a share: at least one of a share above 0. */
export function rowsOfShare(share: number, count: number): number {
  return share === 0 ? 0 : Math.max(1, Math.round(share * count));
}

/** A fault of a division: too few rows, groups or times for its splits. One line for the user. */
export class DivisionError extends Error {
  override readonly name = "DivisionError";
}

/** The part of a row. */
export const Part = { train: 0, validation: 1, test: 2 } as const;

/** The part of a row of the table that no split has. */
const NO_PART = 255;

/** Returns the split of rows by the part of each. */
export function splitByParts(rows: Uint32Array, parts: Uint8Array): RowSplit {
  let rowMax = 0;
  for (let at = 0; at < rows.length; at++) rowMax = Math.max(rowMax, rows[at] as number);
  const partOfRow = new Uint8Array(rowMax + 1).fill(NO_PART);
  for (let at = 0; at < rows.length; at++) partOfRow[rows[at] as number] = parts[at] as number;
  const select = (part: number) => {
    let count = 0;
    for (let at = 0; at < parts.length; at++) if (parts[at] === part) count++;
    const selected = new Uint32Array(count);
    let next = 0;
    for (let row = 0; row <= rowMax; row++) if (partOfRow[row] === part) selected[next++] = row;
    return selected;
  };
  return { train: select(Part.train), validation: select(Part.validation), test: select(Part.test) };
}
