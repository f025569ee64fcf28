/** Which of two objectives is better: the larger one, or the smaller one. */
export type Goal = "maximize" | "minimize";

/** Every goal, in the order in which texts for people name them. */
export const GOALS = ["maximize", "minimize"] as const satisfies readonly Goal[];

/** Returns the factor that turns an objective into a score: 1 for "maximize", -1 for "minimize". */
export function signOf(goal: Goal): 1 | -1 {
  return goal === "maximize" ? 1 : -1;
}

/** Returns the score of an objective. The larger score is better. */
export function scoreOf(objective: number, goal: Goal): number {
  return signOf(goal) * objective;
}

/** Returns the objective of a score; the inverse of `scoreOf`. */
export function objectiveOf(score: number, goal: Goal): number {
  return signOf(goal) * score;
}

/**
 * Returns true if objective `a` is better than objective `b`; false if they are equal or one of
 * them is NaN.
 */
export function isBetter(a: number, b: number, goal: Goal): boolean {
  return scoreOf(a, goal) > scoreOf(b, goal);
}

/** Compares two objectives for `sort`: the better one comes first. Neither may be NaN. */
export function byObjective(goal: Goal): (a: number, b: number) => number {
  return (a, b) => scoreOf(b, goal) - scoreOf(a, goal);
}
