// The one ranking of completed trials. The choice of a study's best trial, the answer "best" of a
// dialogue and the benchmarks read it.

import { byObjective, type Goal, scoreOf } from "../objective/goal.js";
import type { Observation } from "../objective/observation.js";
import type { SuggestionRequest } from "../oracle/contract/suggestion.js";
import { valuesKey } from "../space/values-key.js";
import { type Belief, beliefsAt } from "../surrogate/belief/belief.js";
import { ordinaryTrials } from "../surrogate/observation/diverged-trials.js";
import { type MisplacedTrust, misplacedTrust } from "./misplaced-trust.js";
import type { SelectionRequest } from "./selection-request.js";

/**
 * Number of best measured trials that are ranked. A trial behind 200 others is not the best one,
 * and the comparison of all pairs costs the cube of their number.
 */
const RANKED_MAX = 200;

/**
 * Posterior means closer to the best one than this share of the upper quartile of their distances
 * count as equal. Differences below it are rounding errors of the surrogate.
 */
const RESOLUTION = 1e-6;

/** A completed trial with the posterior of its objective. */
export type RankedTrial<T> = T & {
  /**
   * Without the noise of a measurement; undefined where there are too few trials for a surrogate,
   * or where the measured objectives contradict it.
   */
  readonly belief: Belief | undefined;
};

/**
 * Ranks completed trials by their posterior mean. The best measured trial would be partly luck.
 *
 * @param history - the observations that the surrogate is fitted to
 * @param trials - any trials of the study, diverged ones included
 * @returns at most 200 trials, best first, none that diverged unless all did. Without a surrogate,
 * or where `misplacedTrust` has a reason, the best measured one is first.
 */
export function rankTrials<T extends Observation>(
  history: SuggestionRequest,
  trials: readonly T[],
): readonly RankedTrial<T>[] {
  return rankMeasured(history, bestMeasured(history, trials)).ranked;
}

/** Ranked trials, best first, with the reason why the measured objectives rank them, if they do. */
export interface Ranking<T> {
  readonly ranked: readonly RankedTrial<T>[];
  readonly reason?: MisplacedTrust | "no-surrogate";
}

/**
 * Ranks trials by their posterior mean, or as they were measured where there is a reason for it.
 * Drops beliefs that the measured objectives contradict.
 *
 * @param measured - as `bestMeasured` returns them
 */
export function rankMeasured<T extends Observation>(
  history: SuggestionRequest,
  measured: readonly RankedTrial<T>[],
): Ranking<T> {
  if (measured.some(({ belief }) => belief === undefined)) return { ranked: measured, reason: "no-surrogate" };
  const expected = byPosteriorMean(measured, history.goal);
  const [[best], [first]] = [measured, expected];
  if (best === undefined || first === undefined || best === first) return { ranked: expected };
  const reason = misplacedTrust(history, measured, { measured: best, expected: first });
  if (reason === "ratio") return { ranked: measured.map((trial) => ({ ...trial, belief: undefined })), reason };
  return reason === undefined ? { ranked: expected } : { ranked: measured, reason };
}

/**
 * Returns the trials with the best measured objectives, best first, the earlier of equals first;
 * at most 200, none that diverged unless all did.
 */
export function bestMeasured<T extends Observation>(
  history: SuggestionRequest,
  trials: readonly T[],
): readonly RankedTrial<T>[] {
  const compare = byObjective(history.goal);
  const best = ordinaryTrials(trials, history)
    .toSorted((a, b) => compare(a.objective, b.objective))
    .slice(0, RANKED_MAX);
  const beliefs = beliefsAt(
    history,
    best.map(({ values }) => values),
  );
  return best.map((trial, i) => ({ ...trial, belief: beliefs?.[i] }));
}

/**
 * Sorts trials by posterior mean, best first. Of equal means the better measured trial comes first.
 */
function byPosteriorMean<T extends Observation>(
  measured: readonly RankedTrial<T>[],
  goal: Goal,
): readonly RankedTrial<T>[] {
  const first = measured[indexOfBest(measured, goal)];
  const compare = byObjective(goal);
  const others = measured.filter((trial) => trial !== first);
  others.sort((a, b) => compare(posteriorMean(a), posteriorMean(b)));
  return first === undefined ? others : [first, ...others];
}

/**
 * Returns the ids of the trials that the rule `replicate` executes again: the best ones by
 * posterior mean, at most `count`, best first. Of trials with equal values only the best one is
 * among them, because with equal seeds all of them would give equal results.
 */
export function chooseContenders({ history, trials }: SelectionRequest, count: number): readonly string[] {
  const firstByKey = new Map<string, string>();
  for (const { id, values } of rankTrials(history, trials)) {
    const key = valuesKey(history.space, values);
    if (!firstByKey.has(key)) firstByKey.set(key, id);
  }
  return [...firstByKey.values()].slice(0, count);
}

/**
 * Returns the index of the best measured trial among those of the best posterior mean; -1 if there
 * is none.
 */
function indexOfBest(trials: readonly RankedTrial<Observation>[], goal: Goal): number {
  const scores = trials.map((trial) => scoreOf(posteriorMean(trial), goal));
  const best = Math.max(...scores);
  // Halves, because the difference of two scores may overflow.
  const halfDistances = Float64Array.from(scores, (score) => best / 2 - score / 2).sort();
  const upperQuartile = halfDistances[Math.floor(0.75 * halfDistances.length)] as number;
  const enough = best - 2 * RESOLUTION * upperQuartile;
  return trials.reduce((chosen, { objective }, i) => {
    if ((scores[i] as number) < enough) return chosen;
    const score = scoreOf(objective, goal);
    return chosen < 0 || score > scoreOf((trials[chosen] as Observation).objective, goal) ? i : chosen;
  }, -1);
}

function posteriorMean({ objective, belief }: RankedTrial<Observation>): number {
  return belief?.mean ?? objective;
}
