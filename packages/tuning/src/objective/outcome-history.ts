import type { Goal } from "./goal.js";
import type { StudyHistory } from "./observation.js";

/**
 * Returns the history of one outcome, as if it were the only objective.
 *
 * @param goal - which of two values counts as better
 */
export function outcomeHistory(history: StudyHistory, name: string, goal: Goal): StudyHistory {
  const { aims: _, ...rest } = history;
  const completed = history.completed.flatMap(({ values, outcomes }) => {
    const outcome = outcomes?.[name];
    if (outcome === undefined) return [];
    const { value, noiseVariance } = outcome;
    return [{ values, objective: value, ...(noiseVariance === undefined ? {} : { noiseVariance }) }];
  });
  return { ...rest, goal, completed, pruned: [] };
}
