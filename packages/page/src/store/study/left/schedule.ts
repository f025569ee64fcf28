import type { Expected } from "./expected.js";
import type { Experience } from "./experience.js";
import { meanLength, quantile } from "./survival.js";

/** Returns the shares 0.5 / n, 1.5 / n, ..., (n - 0.5) / n in an order without runs. */
function spreadShares(n: number): number[] {
  const places = Array.from({ length: n }, (_, i) => ((i + 0.5) * GOLDEN) % 1);
  const order = Array.from(places.keys()).sort((a, b) => (places[a] as number) - (places[b] as number));
  const shares = new Array<number>(n);
  for (const [rank, i] of order.entries()) shares[i] = (rank + 0.5) / n;
  return shares;
}

/** The trials of a search that have not experience. */
export interface OpenTrials {
  /** Seconds that each trial under way still needs. */
  readonly busy: readonly number[];
  /** Trials at once, at least 1 and at least the number of trials under way. */
  readonly parallel: number;
  /** Trials that wait or do not exist yet, in the order in which they begin. */
  readonly waiting: readonly Expected[];
  /** Executions of each waiting trial. */
  readonly executions: number;
  readonly experience: Pick<Experience, "gapSeconds">;
}

/** Largest number of waiting trials times trainers that is played through; about a millisecond. */
const PLAYED_MAX = 200_000;
/** Fractional part of the golden ratio: multiples of it are spread evenly over [0, 1). */
const GOLDEN = 0.618_033_988_749_895;

/**
 * Returns the seconds until the last trial ends if each free trainer takes the next one. Durations
 * of waiting trials are quantiles of the known lengths, in an order without runs of long or short
 * ones. Of very many trials, the sum of all time is divided by the trainers.
 */
export function lastEnd({ busy, parallel, waiting, executions, experience }: OpenTrials): number {
  const { gapSeconds } = experience;
  const count = waiting.reduce((sum, expected) => sum + expected.count, 0);
  if (count * parallel > PLAYED_MAX) {
    const work = waiting.reduce((sum, { count, seconds }) => sum + count * executions * meanLength(seconds), 0);
    const open = busy.reduce((sum, seconds) => sum + seconds, 0);
    return Math.max(0, ...busy, (open + work + count * gapSeconds) / parallel);
  }
  const free = [...busy, ...new Array<number>(parallel - busy.length).fill(0)];
  for (const { count, seconds } of waiting) {
    for (const share of spreadShares(count)) {
      const next = free.indexOf(Math.min(...free));
      free[next] = (free[next] ?? 0) + gapSeconds + executions * quantile(seconds, share);
    }
  }
  return Math.max(...free);
}
