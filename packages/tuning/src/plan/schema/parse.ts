import { type Failure, toProblems } from "../../validation/problems.js";
import { findingsOf } from "../../validation/schema.js";
import type { TrainingPlan } from "../training-plan.js";
import { trainingPlanSchema } from "./training-plan.js";

/**
 * Checks the JSON of a training plan and fills in defaults.
 *
 * @param json - plain values, the result of JSON.parse
 */
export function parseTrainingPlan(json: unknown): { readonly ok: true; readonly plan: TrainingPlan } | Failure {
  const result = trainingPlanSchema.safeParse(json);
  if (result.success) return { ok: true, plan: result.data };
  return { ok: false, problems: toProblems(findingsOf(result.error, json)) };
}
