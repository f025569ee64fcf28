import { isModulePlan, isProgramPlan } from "../plan/program-plan.js";
import type { TrainingPlan } from "../plan/training-plan.js";
import { formatProblems } from "../validation/problems.js";
import { type PlanResult, resolvePlan } from "./resolve.js";
import { isProgramStudy, type NetworkStudy, type StudySpec } from "./study-spec.js";

/** Returns the training plan of a trial. Throws the problems of values that give none. */
export function planOf(...[spec, values, trialNumber]: Parameters<typeof resolvePlan>): TrainingPlan {
  return planIn(resolvePlan(spec, values, trialNumber));
}

/** Returns the training plan of a result. Throws the problems of values that give none. */
export function planIn(result: PlanResult): TrainingPlan {
  if (!result.ok) throw new Error(formatProblems(result.problems));
  if (isProgramPlan(result.plan)) throw new Error("the plan is that of a program");
  if (isModulePlan(result.plan)) throw new Error("the plan is that of a module's model");
  return result.plan;
}

/** Returns a spec whose trials train a network. Throws for another one. */
export function networkStudy(spec: StudySpec): NetworkStudy {
  if (isProgramStudy(spec)) throw new Error("the study is that of a program");
  return spec;
}
