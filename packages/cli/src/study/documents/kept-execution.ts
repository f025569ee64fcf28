import { type Goal, isBetter } from "@sintonia/tuning/objective/goal";

/** Returns the index of the execution whose model a trial keeps: the best, the first of equals. */
export function keptExecution(objectives: readonly number[], goal: Goal): number {
  return objectives.reduce((best, value, i) => (isBetter(value, objectives[best] as number, goal) ? i : best), 0);
}
