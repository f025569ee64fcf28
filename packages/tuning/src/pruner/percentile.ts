import { type Goal, isBetter } from "../objective/goal.js";
import type { Evidence, LearningCurve, Pruner, PruningRequest, Verdict } from "./contract/pruner.js";
import type { ComparisonSettings, PercentileSettings } from "./contract/settings.js";
import { bestBy } from "./learning-curve/best-so-far.js";
import { type EpochPlace, isCompared, lastEpochOf } from "./learning-curve/last-epoch.js";
import { epochText, figureText, trialsText } from "./text/evidence-text.js";

/** A pruner that compares with a percentile. */
export interface PercentileRule extends ComparisonSettings {
  readonly type: "median" | "percentile";
  readonly percentile: number;
}

/**
 * Returns the pruner that ends a trial whose best objective so far is worse than a percentile of
 * the completed trials. Their best objectives up to the same epoch of the same execution count.
 *
 * @see Optuna 5, `PercentilePruner`, for trials that report their best objective so far. Differs
 *   for a completed trial with fewer epochs: its best objective counts in later epochs.
 */
export function percentilePruner(settings: PercentileSettings): Pruner {
  return {
    judge: (request) => judge(request, settings),
    reason(evidence, metric) {
      const share = `the best ${settings.percentile} % of ${completedText(evidence)}`;
      return `${comparisonText(evidence, metric)}, which ${share} reached.`;
    },
  };
}

/** Returns a percentile pruner's verdict on the last epoch of a trial. */
export function judge({ goal, trial, others }: PruningRequest, rule: PercentileRule): Verdict {
  const at = lastEpochOf(trial);
  if (at === undefined || !isCompared(at.epoch, rule)) return { kind: "continue" };
  const completed = others.filter(({ state }) => state === "completed");
  if (completed.length < rule.startupTrials) return { kind: "continue" };
  const bests = bestsBy(completed, at, goal);
  if (bests.length < Math.max(1, rule.minTrials)) return { kind: "continue" };
  const value = bestBy(trial, at, goal) as number;
  const limit = percentileOf(bests, goal === "maximize" ? 100 - rule.percentile : rule.percentile);
  if (!isBetter(limit, value, goal)) return { kind: "continue" };
  return { kind: "prune", evidence: { pruner: rule.type, ...at, value, limit, trials: bests.length } };
}

/** Says which figure of a trial was worse than which limit, without an end. */
export function comparisonText(evidence: Evidence, metric: string): string {
  const { value, limit } = evidence;
  return `In ${epochText(evidence)} its best ${metric}, ${figureText(value)}, was worse than ${figureText(limit)}`;
}

/** Names the trials that a limit comes from. */
export function completedText({ trials = 0 }: Evidence): string {
  return trialsText(trials, "completed");
}

/** Returns the best objectives up to an epoch, in ascending order. */
function bestsBy(curves: readonly LearningCurve[], at: EpochPlace, goal: Goal): Float64Array {
  const bests = new Float64Array(curves.length);
  let count = 0;
  for (const curve of curves) {
    const best = bestBy(curve, at, goal);
    if (best !== undefined) bests[count++] = best;
  }
  return bests.subarray(0, count).sort();
}

/**
 * Returns a percentile with linear interpolation between the two nearest ranks.
 *
 * @param sorted - ascending, at least one
 * @see numpy 2, `percentile` with its default method, rounding included
 */
function percentileOf(sorted: Float64Array, percent: number): number {
  const rank = (sorted.length - 1) * (percent / 100);
  const lower = Math.floor(rank);
  const low = sorted[lower] as number;
  const high = sorted[Math.min(lower + 1, sorted.length - 1)] as number;
  const share = rank - lower;
  return share < 0.5 ? low + (high - low) * share : high - (high - low) * (1 - share);
}
