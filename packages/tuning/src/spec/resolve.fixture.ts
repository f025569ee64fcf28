import { formatProblems } from "../validation/problems.js";
import { type PlanResult, resolvePlan } from "./resolve.js";

/** Returns the plan of a trial. Throws the problems of values that give none. */
export function planOf(...[spec, values, trialNumber]: Parameters<typeof resolvePlan>) {
  return planIn(resolvePlan(spec, values, trialNumber));
}

/** Returns the plan of a result. Throws the problems of values that give none. */
export function planIn(result: PlanResult) {
  if (!result.ok) throw new Error(formatProblems(result.problems));
  return result.plan;
}
