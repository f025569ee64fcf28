import { trainingPlanSchema, trainingSchema } from "../plan/schema/training-plan.js";
import type { TrainingPlan } from "../plan/training-plan.js";
import { deriveSeed } from "../random/random.js";
import type { ParameterValues } from "../space/parameter.js";
import { type Problem, toProblems } from "../validation/problems.js";
import { findingsOf } from "../validation/schema.js";
import type { StudySpec } from "./study-spec.js";
import { resolveTemplate } from "./template/entries.js";
import { lookUpIn, planFindings } from "./template/plan-findings.js";
import { isRecord, replaceReferences } from "./template/references.js";

/** The plan of a trial, or the problems of values that give none. */
export type PlanResult =
  | { readonly ok: true; readonly plan: TrainingPlan }
  | {
      readonly ok: false;
      /** At paths of the spec; they name the parameters whose values are wrong. */
      readonly problems: readonly Problem[];
    };

/**
 * Resolves the training plan of one trial: references replaced by values, repeated layers written
 * out, defaults filled in, and a seed for each execution. Values of an accepted spec's space always
 * give a plan, unless the space is too large for an exact check.
 *
 * @param values - one value for every active parameter; fields that refer to inactive ones are
 * dropped
 * @param trialNumber - from 0; determines the plan's seeds together with the spec's seed
 */
export function resolvePlan(spec: StudySpec, values: ParameterValues, trialNumber: number): PlanResult {
  const seeds = Array.from({ length: spec.budget.executionsPerTrial }, (_, execution) =>
    deriveSeed(spec.seed, "trial", trialNumber, execution),
  );
  return planWith(spec, values, seeds);
}

/**
 * Resolves the plan of a new execution of a contender. All contenders have the same seed in the
 * same round.
 *
 * @param round - from 0; determines the plan's seed together with the spec's seed
 */
export function resolveReplicatePlan(spec: StudySpec, values: ParameterValues, round: number): PlanResult {
  return planWith(spec, values, [deriveSeed(spec.seed, "replicate", round)]);
}

/**
 * Returns `training.maxEpochs` of a trial's plan without resolving the whole plan; undefined if the
 * values give no valid number.
 */
export function resolveMaxEpochs({ training }: StudySpec, values: ParameterValues): number | undefined {
  const template = isRecord(training) ? training["maxEpochs"] : undefined;
  return trainingSchema.shape.maxEpochs.safeParse(replaceReferences(template, lookUpIn(values))).data;
}

function planWith(spec: StudySpec, values: ParameterValues, seeds: readonly number[]): PlanResult {
  const { dataset, objective } = spec;
  const { model, training } = resolveTemplate(spec, lookUpIn(values));
  const json = { dataset, objective, model, training, seeds };
  const parsed = trainingPlanSchema.safeParse(json);
  if (parsed.success) return { ok: true, plan: parsed.data };
  const findings = planFindings(spec, values);
  return { ok: false, problems: toProblems(findings.length > 0 ? findings : findingsOf(parsed.error, json)) };
}
