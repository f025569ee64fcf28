// Contenders compared by new executions. Execution r of each had the same seed, so that what the seed does to all of them
// falls out of their differences; and none of them was chosen for these executions, so that no luck is among them.

import { type Expectation, meanInterval } from "./mean-interval.js";
import type { Contender } from "./selection-request.js";

/** Rounds that all of the compared must have completed: one difference does not tell how far it may be off. */
const ROUNDS_MIN = 2;

/** A contender with the objectives of the rounds that are compared. */
export interface Replicated {
  readonly id: string;
  readonly objectives: readonly number[];
}

/**
 * The contenders that can be compared, on the rounds that all of them completed. While those are too few, the contender
 * with the fewest completed rounds goes, the last one of equals.
 *
 * @returns in their order; none if fewer than two are left
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

/** What a contender's new executions say of its objective. */
export function freshExpectation({ objectives }: Replicated): Expectation {
  return meanInterval(objectives);
}

/** Whether the 95 % interval of the paired difference of two contenders contains 0. */
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
