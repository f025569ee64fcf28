import type { z } from "zod";
import { type Failure, toProblems } from "../../validation/problems.js";
import { findingsOf, isMapping } from "../../validation/schema.js";
import type { TrialPlan } from "../program-plan.js";
import type { TrainingPlan } from "../training-plan.js";
import { programPlanSchema } from "./program.js";
import { trainingPlanSchema } from "./training-plan.js";

/**
 * Checks the JSON of a training plan and fills in defaults.
 *
 * @param json - plain values, the result of JSON.parse
 */
export function parseTrainingPlan(json: unknown): { readonly ok: true; readonly plan: TrainingPlan } | Failure {
  return parseWith(trainingPlanSchema, json);
}

/** As `parseTrainingPlan`, for the plan of a network or of a program. */
export function parseTrialPlan(json: unknown): { readonly ok: true; readonly plan: TrialPlan } | Failure {
  const isProgram = isMapping({ value: json }) && Object.hasOwn(json as object, "program");
  return isProgram ? parseWith(programPlanSchema, json) : parseWith(trainingPlanSchema, json);
}

function parseWith<T>(schema: z.ZodType<T>, json: unknown): { readonly ok: true; readonly plan: T } | Failure {
  const result = schema.safeParse(json);
  if (result.success) return { ok: true, plan: result.data };
  return { ok: false, problems: toProblems(findingsOf(result.error, json)) };
}
