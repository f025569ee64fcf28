// How long trials take, from those that have ended and those that have not. Long trials are the
// last to end, so the ended ones alone are too short on average.

/** A length that trials may have. */
export interface Length {
  readonly value: number;
  /** Share of trials of this length; all shares add up to 1. */
  readonly share: number;
}

/**
 * Returns the distribution of lengths by the estimate of Kaplan and Meier (1958): lengths of ended
 * trials, in increasing order. The share beyond the longest is put there,
 * as Efron (1967) does.
 *
 * @param ended - lengths of the ended trials; at least one
 * @param reached - lengths that the trials under way have reached
 */
export function lengthsOf(ended: readonly number[], reached: readonly number[]): readonly Length[] {
  const all = [
    ...ended.map((value) => ({ value, hasEnded: true })),
    ...reached.map((value) => ({ value, hasEnded: false })),
  ].sort((a, b) => a.value - b.value || Number(b.hasEnded) - Number(a.hasEnded));
  let left = 1;
  const lengths: Length[] = [];
  for (const [index, { value, hasEnded }] of all.entries()) {
    if (!hasEnded) continue;
    const share = left / (all.length - index);
    lengths.push({ value, share });
    left -= share;
  }
  if (left > 1e-9) lengths.push({ value: all.at(-1)?.value ?? 0, share: left });
  return lengths;
}

/** Returns the mean of lengths. */
export function meanLength(lengths: readonly Length[]): number {
  return lengths.reduce((sum, { value, share }) => sum + value * share, 0);
}

/**
 * Returns the expected length of a trial that has reached a length, less this length. Beyond all n
 * lengths it is the reached one / (n + 1): the longer a trial is beyond all others, the longer it
 * may still take.
 */
export function excess(lengths: readonly Length[], reached: number): number {
  const above = lengths.filter(({ value }) => value > reached);
  const share = above.reduce((sum, length) => sum + length.share, 0);
  return share === 0 ? reached / (lengths.length + 1) : meanLength(above) / share - reached;
}

/** Fractional part of the golden ratio: multiples of it are spread evenly over [0, 1). */
const GOLDEN = 0.618_033_988_749_895;

/** Which of the many even choices of quantiles is taken. */
export interface Choice {
  /** In [0, 1), the same part of the way between two shares i / n. */
  readonly offset: number;
  /** In (0, 1), irrational. Choices by different steps are nearly independent. @default golden */
  readonly step?: number;
}

/**
 * Returns quantiles of lengths, for the shares (offset + i) / n with i = 0, ..., n - 1, in an order
 * without runs of long or short ones.
 *
 * @param lengths - in increasing order
 */
export function spreadQuantiles(lengths: readonly Length[], n: number, { offset, step = GOLDEN }: Choice): number[] {
  const places = Array.from({ length: n }, (_, i) => ((i + 0.5) * step + offset) % 1);
  const order = Array.from(places.keys()).sort((a, b) => (places[a] as number) - (places[b] as number));
  const spread = new Array<number>(n);
  let [at, below] = [0, lengths[0]?.share ?? 0];
  for (const [rank, i] of order.entries()) {
    while ((rank + offset) / n >= below && at < lengths.length - 1) below += (lengths[++at] as Length).share;
    spread[i] = lengths[at]?.value ?? 0;
  }
  return spread;
}
