/** Facts about the numbers of a column that save later passes over them. */
export interface NumberSummary {
  /** Number of missing values. */
  readonly missing: number;
  /** Smallest number that is there; Infinity if there is none. */
  readonly min: number;
  /** Largest number that is there; -Infinity if there is none. */
  readonly max: number;
  /** True if no number has a fraction. */
  readonly whole: boolean;
}

/** The summary of no numbers. */
export const NO_NUMBERS: NumberSummary = { missing: 0, min: Infinity, max: -Infinity, whole: true };

/** Returns the summary of the numbers of both. */
export function joinSummaries(a: NumberSummary, b: NumberSummary): NumberSummary {
  return {
    missing: a.missing + b.missing,
    min: Math.min(a.min, b.min),
    max: Math.max(a.max, b.max),
    whole: a.whole && b.whole,
  };
}

/** Returns the summary of a chunk. */
export function summaryOf(values: Float32Array | Float64Array): NumberSummary {
  let missing = 0;
  let min = Infinity;
  let max = -Infinity;
  let whole = true;
  for (let index = 0; index < values.length; index++) {
    const value = values[index] as number;
    if (Number.isNaN(value)) {
      missing++;
      continue;
    }
    if (value < min) min = value;
    if (value > max) max = value;
    if (whole && Math.floor(value) !== value) whole = false;
  }
  return { missing, min, max, whole };
}
