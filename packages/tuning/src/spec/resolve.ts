import { trainingPlanSchema, trainingSchema } from "../plan/schema/training-plan.js";
import type { TrainingPlan } from "../plan/training-plan.js";
import { deriveSeed } from "../random/random.js";
import type { ParameterValues } from "../space/parameter.js";
import { isRecord, replaceReferences } from "./references.js";
import type { StudySpec } from "./study-spec.js";

/** Copies of one layer entry at most. */
export const REPEAT_MAX = 8;

/**
 * Makes the training plan of one trial: every reference replaced by its value, repeated layers written out, defaults
 * filled in, a seed for each execution.
 *
 * @param values - one value for every active parameter of the spec; fields that refer to others are left out
 * @param trialNumber - from 0; with the spec's seed it fixes the plan's seeds
 * @throws {Error} if the spec was not accepted by `parseStudySpec` or the values are not of its space
 */
export function resolvePlan(spec: StudySpec, values: ParameterValues, trialNumber: number): TrainingPlan {
  const seeds = Array.from({ length: spec.budget.executionsPerTrial }, (_, execution) =>
    deriveSeed(spec.seed, "trial", trialNumber, execution),
  );
  return planWith(spec, values, seeds);
}

/**
 * As `resolvePlan`, for one execution more of a trial that may be the best: all such trials train with equal seeds in
 * equal rounds.
 *
 * @param round - from 0; with the spec's seed it fixes the plan's seed
 */
export function resolveReplicatePlan(spec: StudySpec, values: ParameterValues, round: number): TrainingPlan {
  return planWith(spec, values, [deriveSeed(spec.seed, "replicate", round)]);
}

/**
 * The most epochs that each execution of a trial trains: `training.maxEpochs` of its plan, without the work of making that.
 *
 * @throws {Error} as `resolvePlan`
 */
export function resolveMaxEpochs({ training }: StudySpec, values: ParameterValues): number {
  const template = isRecord(training) ? training["maxEpochs"] : undefined;
  return trainingSchema.shape.maxEpochs.parse(
    replaceReferences(template, (name) => (Object.hasOwn(values, name) ? values[name] : undefined)),
  );
}

function planWith(spec: StudySpec, values: ParameterValues, seeds: readonly number[]): TrainingPlan {
  const lookUp = (name: string) => (Object.hasOwn(values, name) ? values[name] : undefined);
  return trainingPlanSchema.parse({
    dataset: spec.dataset,
    objective: spec.objective,
    model: resolveModel(spec.model, lookUp).model,
    training: replaceReferences(spec.training, lookUp),
    seeds,
  });
}

/**
 * Replaces the references of a model and writes its repeated layers out. Anything unexpected is left for the plan's
 * schema to find.
 *
 * @returns the model, and for each of its layers the index of its entry in the template
 */
export function resolveModel(template: unknown, lookUp: (name: string) => unknown): ResolvedModel {
  const model = replaceReferences(template, lookUp);
  if (!isRecord(model) || !Array.isArray(model["layers"])) return { model, entries: [] };
  const copies = model["layers"].flatMap((layer: unknown, entry) =>
    Array.from({ length: repeatOf(layer) ?? 1 }, () => ({ layer: withoutRepeat(layer), entry })),
  );
  return { model: { ...model, layers: copies.map(({ layer }) => layer) }, entries: copies.map(({ entry }) => entry) };
}

/** How often a resolved layer entry is to be written, or undefined if it asks for something impossible. */
export function repeatOf(layer: unknown): number | undefined {
  if (!isRecord(layer) || layer["repeat"] === undefined) return 1;
  const repeat = layer["repeat"];
  return Number.isInteger(repeat) && (repeat as number) >= 0 && (repeat as number) <= REPEAT_MAX
    ? (repeat as number)
    : undefined;
}

interface ResolvedModel {
  readonly model: unknown;
  readonly entries: readonly number[];
}

function withoutRepeat(layer: unknown): unknown {
  if (!isRecord(layer)) return layer;
  const { repeat: _, ...rest } = layer;
  return rest;
}
