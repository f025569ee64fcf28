import { Goal as ProtoGoal } from "@sintonia/proto/sintonia/v1/study";
import { type Goal, isBetter } from "@sintonia/tuning/objective/goal";

/** Returns the goal in the words of a study spec. */
export function goalName(goal: ProtoGoal): Goal {
  return goal === ProtoGoal.MINIMIZE ? "minimize" : "maximize";
}

/** Returns the better of two objectives. A missing objective is worse than any other. */
export function betterObjective(goal: ProtoGoal, a: number | undefined, b: number | undefined): number | undefined {
  if (a === undefined || b === undefined) return a ?? b;
  return isBetter(b, a, goalName(goal)) ? b : a;
}
