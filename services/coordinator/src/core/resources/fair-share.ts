// How the studies share the trainers. A trainer divides itself among the studies that it fits, and
// a study may count on the sum of its parts. Studies that fit the same trainers get equal shares,
// and a study that no trainer fits takes nothing from the others.

import { type Demand, demandKey, fits, type OfferCount } from "./fit.js";

/** Error of a sum of shares, which must not round a whole number up. */
const ROUNDING = 1e-9;

/** The number of studies that begin trials, for each demand. */
export type Competition = ReadonlyMap<string, { readonly demand: Demand; readonly studies: number }>;

/** Counts the studies of each demand. */
export function competitionOf(demands: readonly Demand[]): Competition {
  const counts = new Map<string, { readonly demand: Demand; readonly studies: number }>();
  for (const demand of demands) {
    const key = demandKey(demand);
    counts.set(key, { demand, studies: (counts.get(key)?.studies ?? 0) + 1 });
  }
  return counts;
}

/**
 * Returns the number of trainers that each study of a demand may count on, rounded up.
 *
 * @param offers - of the live trainers that get trials
 */
export function fairShare(demand: Demand, offers: readonly OfferCount[], competition: Competition): number {
  const parts = offers
    .filter(({ offer }) => fits(demand, offer))
    .map(({ offer, count }) => {
      const rivals = [...competition.values()].filter((rival) => fits(rival.demand, offer));
      return count / Math.max(1, sum(rivals.map(({ studies }) => studies)));
    });
  return Math.max(0, Math.ceil(sum(parts) - ROUNDING));
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}
