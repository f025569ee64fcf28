import { trainingPlanSchema, trainingSchema } from "../plan/schema/training-plan.js";
import type { TrainingPlan } from "../plan/training-plan.js";
import { deriveSeed } from "../random/random.js";
import type { ParameterValues } from "../space/parameter.js";
import { isRecord, replaceReferences } from "./references.js";
import type { StudySpec } from "./study-spec.js";

/** Upper limit of `repeat` of a layer entry. */
export const REPEAT_MAX = 8;

/**
 * Returns the training plan of one trial: references replaced by values, repeated layers written
 * out, defaults filled in, and a seed for each execution.
 *
 * @param values - one value for every active parameter; fields that refer to inactive ones are
 * dropped
 * @param trialNumber - from 0; determines the plan's seeds together with the spec's seed
 * @throws {Error} if the spec was not accepted by `parseStudySpec` or the values are not of its
 * space
 */
export function resolvePlan(spec: StudySpec, values: ParameterValues, trialNumber: number): TrainingPlan {
  const seeds = Array.from({ length: spec.budget.executionsPerTrial }, (_, execution) =>
    deriveSeed(spec.seed, "trial", trialNumber, execution),
  );
  return planWith(spec, values, seeds);
}

/**
 * Returns the plan of a new execution of a contender. All contenders have the same seed in the same
 * round.
 *
 * @param round - from 0; determines the plan's seed together with the spec's seed
 */
export function resolveReplicatePlan(spec: StudySpec, values: ParameterValues, round: number): TrainingPlan {
  return planWith(spec, values, [deriveSeed(spec.seed, "replicate", round)]);
}

/**
 * Returns `training.maxEpochs` of a trial's plan without resolving the whole plan.
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
 * Replaces the references of a model and writes its repeated layers out. Leaves anything unexpected
 * to the plan's schema.
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

/** Returns the number of copies of a resolved layer entry; undefined if `repeat` is invalid. */
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
