import type { Pruner, PruningRequest, Verdict } from "./contract/pruner.js";
import type { ThresholdSettings } from "./contract/settings.js";
import { bestBy } from "./learning-curve/best-so-far.js";
import { isCompared, lastEpochOf } from "./learning-curve/last-epoch.js";
import { epochText, figureText } from "./text/evidence-text.js";

/**
 * Returns the pruner that ends a trial whose best objective so far is below the lower or above the
 * upper limit.
 *
 * @see Optuna 5, `ThresholdPruner`, for trials that report their best objective so far
 */
export function thresholdPruner(settings: ThresholdSettings): Pruner {
  return {
    judge: (request) => judge(request, settings),
    reason(evidence, metric) {
      const { value, limit } = evidence;
      const relation = `${value < limit ? "below the lower limit" : "above the upper limit"}, ${figureText(limit)}`;
      return `In ${epochText(evidence)} its best ${metric}, ${figureText(value)}, was ${relation}.`;
    },
  };
}

function judge({ goal, trial }: PruningRequest, settings: ThresholdSettings): Verdict {
  const at = lastEpochOf(trial);
  if (at === undefined || !isCompared(at.epoch, settings)) return { kind: "continue" };
  const value = bestBy(trial, at, goal) as number;
  const limit = exceededLimit(value, settings);
  if (limit === undefined) return { kind: "continue" };
  return { kind: "prune", evidence: { pruner: "threshold", ...at, value, limit } };
}

/** Returns the limit that a value is beyond, if any. */
function exceededLimit(value: number, { lower = -Infinity, upper = Infinity }: ThresholdSettings): number | undefined {
  if (value < lower) return lower;
  return value > upper ? upper : undefined;
}
