import type { z } from "zod";
import { type Failure, toProblems } from "../../validation/problems.js";
import { findingsOf, isMapping } from "../../validation/schema.js";
import { isModuleModel } from "../module-plan.js";
import type { TrialPlan } from "../program-plan.js";
import type { TrainingPlan } from "../training-plan.js";
import { modulePlanSchema } from "./module.js";
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

/** As `parseTrainingPlan`, for the plan of a network, of a module's model or of a program. */
export function parseTrialPlan(json: unknown): { readonly ok: true; readonly plan: TrialPlan } | Failure {
  return parseWith<TrialPlan>(schemaOf(isMapping({ value: json }) ? (json as object) : {}), json);
}

function schemaOf(plan: { readonly model?: unknown }): z.ZodType<TrialPlan> {
  if (Object.hasOwn(plan, "program")) return programPlanSchema;
  return isModuleModel(plan.model) ? modulePlanSchema : trainingPlanSchema;
}

function parseWith<T>(schema: z.ZodType<T>, json: unknown): { readonly ok: true; readonly plan: T } | Failure {
  const result = schema.safeParse(json);
  if (result.success) return { ok: true, plan: result.data };
  return { ok: false, problems: toProblems(findingsOf(result.error, json)) };
}
