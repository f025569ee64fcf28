// Counts the outlooks in a row that are below the limits of improvement. A single one says little:
// a model of few trials may be far too sure, and a later trial shows it.

import type { Outlook } from "@sintonia/tuning/oracle/contract/suggestion";
import type { SearchLimits } from "@sintonia/tuning/spec/study-spec";

/** The names of the limits of improvement. */
export const IMPROVEMENT_LIMITS = ["minImprovement", "maxGap"] as const;

type ImprovementLimit = (typeof IMPROVEMENT_LIMITS)[number];

/**
 * Outlooks in a row, each with further results, that end a search. With this number, 2 of 144 ends
 * left the chosen trial farther from the optimum than the limit, both with six parameters; with
 * one outlook, 18 did (docs/oracle/stopping.md).
 */
export const OUTLOOK_RUN = 8;

/** Numbers of outlooks in a row that were below each limit. */
export interface OutlookRuns extends Readonly<Record<ImprovementLimit, number>> {
  /** Number of the study's events that the latest outlook used. */
  readonly basis: number;
}

/**
 * Returns the runs after an outlook. Outlooks of one basis count once: they know the same results.
 *
 * @param limits - the limits of improvement that the study has
 */
export function runsAfter(
  runs: OutlookRuns | undefined,
  { outlook, basis = 0 }: { readonly outlook: Outlook; readonly basis?: number | undefined },
  limits: Pick<SearchLimits, ImprovementLimit>,
): OutlookRuns {
  if (runs?.basis === basis) return runs;
  const next = (limit: ImprovementLimit): number => (isBelow(limit, outlook, limits) ? (runs?.[limit] ?? 0) + 1 : 0);
  return { basis, minImprovement: next("minImprovement"), maxGap: next("maxGap") };
}

function isBelow(limit: ImprovementLimit, outlook: Outlook, limits: Pick<SearchLimits, ImprovementLimit>): boolean {
  const value = limit === "maxGap" ? outlook.gap : outlook.expectedImprovement;
  return value < (limits[limit] ?? Number.NEGATIVE_INFINITY);
}
