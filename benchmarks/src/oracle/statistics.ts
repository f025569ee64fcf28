/** Median and quartiles of a sample. */
export interface Quartiles {
  readonly lower: number;
  readonly median: number;
  readonly upper: number;
}

/** Returns the quartiles of a sample of at least one number. */
export function quartiles(sample: readonly number[]): Quartiles {
  const [lower, median, upper] = [0.25, 0.5, 0.75].map((share) => quantile(sample, share));
  return { lower: lower as number, median: median as number, upper: upper as number };
}

/**
 * Returns a quantile, interpolated between adjacent order statistics (Hyndman, Fan 1996, type 7).
 */
export function quantile(sample: readonly number[], share: number): number {
  const sorted = [...sample].sort((a, b) => a - b);
  const place = share * (sorted.length - 1);
  const below = Math.floor(place);
  const low = sorted[below] as number;
  const high = sorted[Math.min(below + 1, sorted.length - 1)] as number;
  return low === high ? low : low + (place - below) * (high - low);
}
