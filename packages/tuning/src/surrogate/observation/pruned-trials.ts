import type { Observation } from "../../objective/observation.js";
import type { SuggestionRequest } from "../../oracle/contract/suggestion.js";

/**
 * The request with pruned trials among the completed ones. Each counts as what it had reached when it was ended, but as no
 * better than the median of those completed, for it was ended because it was behind, and as no worse than the worst, for it
 * was not done. Trials that had no objective yet are left as they are.
 */
export function withPrunedTrials(request: SuggestionRequest): SuggestionRequest {
  const { completed, pruned = [], goal } = request;
  if (completed.length === 0 || pruned.length === 0) return request;
  const sign = goal === "maximize" ? 1 : -1;
  const scores = completed.map(({ objective }) => sign * objective).sort((a, b) => a - b);
  const [worst, median] = [scores[0] as number, scores[Math.floor(scores.length / 2)] as number];
  const stoppedAt = (objective: number) => sign * Math.min(median, Math.max(worst, sign * objective));
  const stopped = pruned.flatMap(({ values, objective }): Observation[] =>
    objective === undefined ? [] : [{ values, objective: stoppedAt(objective) }],
  );
  return { ...request, completed: [...completed, ...stopped] };
}
