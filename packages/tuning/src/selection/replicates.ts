// Comparison of contenders by their new executions. The executions of round r have the same seed
// for all contenders, so the seed's common effect cancels in paired differences. No contender was
// chosen for these executions, so their means are unbiased.

import { type Expectation, meanInterval } from "./mean-interval.js";
import type { Contender } from "./selection-request.js";

/**
 * Fewest rounds that all compared contenders must have completed. One difference has no variance
 * estimate.
 */
const ROUNDS_MIN = 2;

/** A contender with its objectives in the compared rounds. */
export interface Replicated {
  readonly id: string;
  readonly objectives: readonly number[];
}

/**
 * Returns the contenders that can be compared, with their objectives in the rounds that all of
 * them completed. While there are fewer than two such rounds, the contender with the fewest
 * completed rounds is removed, the last one of equals.
 *
 * @returns contenders in the given order; none if fewer than two are left
 */
export function comparable(contenders: readonly Contender[]): readonly Replicated[] {
  let left = contenders;
  while (left.length >= 2) {
    const rounds = commonRounds(left);
    if (rounds.length >= ROUNDS_MIN) {
      return left.map(({ id, objectives }) => ({ id, objectives: rounds.map((r) => objectives[r] as number) }));
    }
    const fewest = Math.min(...left.map(completedRounds));
    left = left.toSpliced(
      left.findLastIndex((contender) => completedRounds(contender) === fewest),
      1,
    );
  }
  return [];
}

/** Returns the mean of a contender's new executions with its 95 % interval. */
export function freshExpectation({ objectives }: Replicated): Expectation {
  return meanInterval(objectives);
}

/** Returns true if the 95 % interval of the mean paired difference of two contenders contains 0. */
export function isTiedInPairs(a: Replicated, b: Replicated): boolean {
  const { low, high } = meanInterval(a.objectives.map((objective, r) => objective - (b.objectives[r] as number)));
  return low <= 0 && high >= 0;
}

function commonRounds(contenders: readonly Contender[]): readonly number[] {
  const rounds = Math.max(...contenders.map(({ objectives }) => objectives.length));
  return Array.from({ length: rounds }, (_, round) => round).filter((round) =>
    contenders.every(({ objectives }) => objectives[round] !== undefined),
  );
}

function completedRounds({ objectives }: Contender): number {
  return objectives.filter((objective) => objective !== undefined).length;
}
