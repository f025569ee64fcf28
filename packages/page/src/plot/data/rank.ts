import { Goal, type Trial } from "@sintonia/proto/sintonia/v1/study";
import type { Domain } from "../../chart/axis/number-axis.js";
import { robustDomain } from "./robust-domain.js";
import { isBetter, objectiveOf } from "./study-data.js";

/** A trial with an objective. */
export interface RankedTrial {
  readonly trial: Trial;
  readonly objective: number;
  /** Place between the worst objective, 0, and the best one, 1. */
  readonly rank: number;
}

/** Returns the trials with an objective, the worst first: the best ones are drawn above them. */
export function rankedTrials(trials: readonly Trial[], goal: Goal): readonly RankedTrial[] {
  const known = trials.flatMap((trial) => {
    const objective = objectiveOf(trial);
    return objective === undefined ? [] : [{ trial, objective }];
  });
  const domain = robustDomain(
    known.map(({ objective }) => objective),
    goal,
  );
  return known
    .map((each) => ({ ...each, rank: rankIn(domain, goal, each.objective) }))
    .sort((a, b) => (a.objective === b.objective ? 0 : isBetter(goal, a.objective, b.objective) ? 1 : -1));
}

/** Returns the place of an objective between the worst one of a domain, 0, and its best one, 1. */
export function rankIn({ low, high }: Domain, goal: Goal, objective: number): number {
  if (low === high) return 1;
  const share = Math.min(1, Math.max(0, (objective - low) / (high - low)));
  return goal === Goal.MINIMIZE ? 1 - share : share;
}
