import { objectiveOf, scoreOf } from "../../objective/goal.js";
import type { Observation, StudyHistory } from "../../objective/observation.js";

/**
 * Adds pruned trials to the completed ones. A pruned trial counts with the objective that it had
 * reached, clipped to the range from the worst to the median completed objective: it was stopped
 * because it was behind, and its training was not over. Pruned trials without an objective are
 * left as they are.
 */
export function withPrunedTrials<T extends StudyHistory>(history: T): T {
  const { completed, pruned = [], goal } = history;
  if (completed.length === 0 || pruned.length === 0) return history;
  const scores = completed.map(({ objective }) => scoreOf(objective, goal)).sort((a, b) => a - b);
  const [worst, median] = [scores[0] as number, scores[Math.floor(scores.length / 2)] as number];
  const clipped = (objective: number) => objectiveOf(Math.min(median, Math.max(worst, scoreOf(objective, goal))), goal);
  const stopped = pruned.flatMap(({ values, objective }): Observation[] =>
    objective === undefined ? [] : [{ values, objective: clipped(objective) }],
  );
  return { ...history, completed: [...completed, ...stopped] };
}
