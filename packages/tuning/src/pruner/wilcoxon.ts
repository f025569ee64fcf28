import { type Goal, isBetter, scoreOf } from "../objective/goal.js";
import { meanOf } from "../selection/mean-interval.js";
import type { LearningCurve, Pruner, PruningRequest, Verdict } from "./contract/pruner.js";
import type { WilcoxonSettings } from "./contract/settings.js";
import { lastEpochOf } from "./learning-curve/last-epoch.js";
import { bestCompleted, bestObjective } from "./learning-curve/objective.js";
import { signedRankTest } from "./signed-rank/signed-rank-test.js";
import { epochText, figureText } from "./text/evidence-text.js";

/** A signed-rank test of fewer pairs says nothing. */
const PAIRS_MIN = 2;

/**
 * Returns the pruner that ends a trial which is probably worse than the best completed one, by
 * Wilcoxon's signed-rank test of steps that both have. A step is an execution with its best
 * objective where trials have several, else an epoch with its own objective: bests so far would
 * count a single good epoch many times. A trial whose steps are better on average goes on.
 *
 * The evidence has the p-value and the threshold.
 *
 * @see Optuna 5, `WilcoxonPruner`
 */
export function wilcoxonPruner(settings: WilcoxonSettings): Pruner {
  return {
    judge: (request) => judge(request, settings),
    reason(evidence, metric) {
      const figures = `p is ${figureText(evidence.value)}, below ${figureText(evidence.limit)}`;
      const test = `by Wilcoxon's signed-rank test, whose ${figures}`;
      return `In ${epochText(evidence)} its ${metric} was worse than that of the best completed trial ${test}.`;
    },
  };
}

function judge(request: PruningRequest, { pThreshold, startupSteps }: WilcoxonSettings): Verdict {
  const { goal, trial, others } = request;
  const at = lastEpochOf(trial);
  const steps = stepsOf(request);
  if (at === undefined || steps.length < Math.max(PAIRS_MIN, startupSteps)) return { kind: "continue" };
  const best = bestCompleted(others, goal);
  if (best === undefined) return { kind: "continue" };
  const bestSteps = request.executions > 1 ? bestsOf(best, goal) : (best.executions[0] as readonly number[]);
  const pairCount = Math.min(steps.length, bestSteps.length);
  if (pairCount < Math.max(PAIRS_MIN, startupSteps)) return { kind: "continue" };
  const differences = steps
    .slice(0, pairCount)
    .map((value, i) => scoreOf(bestSteps[i] as number, goal) - scoreOf(value, goal));
  const value = signedRankTest(differences);
  // An average that equals the best trial's counts as better, as in Optuna.
  if (value >= pThreshold || !isBetter(meanOf(bestSteps), meanOf(steps), goal)) return { kind: "continue" };
  return { kind: "prune", evidence: { pruner: "wilcoxon", ...at, value, limit: pThreshold } };
}

/**
 * Returns a trial's steps if the report that is judged has added one, else none. The first epoch of
 * an execution shows that the executions before have ended.
 */
function stepsOf({ trial, executions, goal }: PruningRequest): readonly number[] {
  if (executions === 1) return trial.executions[0] ?? [];
  if (trial.executions.at(-1)?.length !== 1) return [];
  return bestsOf(trial, goal).slice(0, -1);
}

function bestsOf({ executions }: LearningCurve, goal: Goal): readonly number[] {
  return executions.map((objectives) => bestObjective(objectives, goal));
}
