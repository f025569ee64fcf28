// Sums and order statistics of vectors. Every sum runs in the order of the index, so that results
// have the same bits everywhere.

/** Returns Σ a_i b_i over the entries of `a`; `b` has at least as many. */
export function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += (a[i] as number) * (b[i] as number);
  return sum;
}

/** Returns the arithmetic mean; 0 for no values. */
export function mean(values: ArrayLike<number>): number {
  if (values.length === 0) return 0;
  let sum = 0;
  for (let i = 0; i < values.length; i++) sum += values[i] as number;
  return sum / values.length;
}

/** Returns the upper median, the entry ⌊n / 2⌋ of the sorted values; undefined for no values. */
export function upperMedian(values: ArrayLike<number>): number | undefined {
  return Float64Array.from(values).sort()[Math.floor(values.length / 2)];
}
