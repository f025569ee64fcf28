import { aimsOf } from "../aims/aims.js";
import { askedOutcomes } from "../plan/asked-outcomes.js";
import { foldsOf } from "../plan/data-set/file-data-set.js";
import { type ModulePlan, modulePath } from "../plan/module-plan.js";
import type { Program, ProgramPlan, TestedTrial, TrialPlan } from "../plan/program-plan.js";
import { modulePlanSchema } from "../plan/schema/module.js";
import { trainingPlanSchema, trainingSchema } from "../plan/schema/training-plan.js";
import { isFileDataSet, type TrainingPlan } from "../plan/training-plan.js";
import { deriveSeed } from "../random/random.js";
import type { Parameter, ParameterValue, ParameterValues } from "../space/parameter.js";
import { type Problem, toProblems } from "../validation/problems.js";
import { findingsOf } from "../validation/schema.js";
import {
  isModuleStudy,
  isProgramStudy,
  type ModuleStudy,
  type NetworkStudy,
  type ProgramStudy,
  type StudySpec,
} from "./study-spec.js";
import { resolveCommand } from "./template/command.js";
import { resolveTemplate } from "./template/entries.js";
import { lookUpIn, planFindings } from "./template/plan-findings.js";
import { isRecord, replaceReferences } from "./template/references.js";

/** The plan of a trial, or the problems of values that give none. */
export type PlanResult<P extends TrialPlan = TrialPlan> =
  | { readonly ok: true; readonly plan: P }
  | {
      readonly ok: false;
      /** At paths of the spec; they name the parameters whose values are wrong. */
      readonly problems: readonly Problem[];
    };

/**
 * Resolves the plan of one trial: references replaced by values, repeated layers written
 * out, defaults filled in, and a seed for each execution. Values of an accepted spec's space always
 * give a plan, unless the space is too large for an exact check.
 *
 * @param values - one value for every active parameter; fields that refer to inactive ones are
 * dropped
 * @param trialNumber - from 0; determines the plan's seeds together with the spec's seed
 */
export function resolvePlan(spec: ModuleStudy, values: ParameterValues, trialNumber: number): PlanResult<ModulePlan>;
export function resolvePlan(spec: NetworkStudy, values: ParameterValues, trialNumber: number): PlanResult<TrainingPlan>;
export function resolvePlan(spec: StudySpec, values: ParameterValues, trialNumber: number): PlanResult;
export function resolvePlan(spec: StudySpec, values: ParameterValues, trialNumber: number): PlanResult {
  const executions = Array.from({ length: spec.budget.executionsPerTrial }, (_, execution) => execution);
  const seeds = executions.map((execution) => deriveSeed(spec.seed, "trial", trialNumber, execution));
  return planWith(spec, values, { seeds, ...foldsFor(spec, executions) });
}

/**
 * Resolves the plan of a new execution of a contender. All contenders have the same seed in the
 * same round.
 *
 * @param round - from 0; determines the plan's seed together with the spec's seed
 */
export function resolveReplicatePlan(spec: StudySpec, values: ParameterValues, round: number): PlanResult {
  return planWith(spec, values, { seeds: [deriveSeed(spec.seed, "replicate", round)], ...foldsFor(spec, [round]) });
}

/**
 * Resolves the plan of a test run: the test's command with the values of the tested trial, and the
 * seed of its first execution.
 *
 * @param tested - the tested trial with its number, from 0
 */
export function resolveTestPlan(
  spec: ProgramStudy,
  values: ParameterValues,
  { number, ...tests }: TestedTrial & { readonly number: number },
): PlanResult<ProgramPlan> {
  const command = spec.program.test?.command ?? [];
  const { training: _, ...rest } = spec;
  const program = { ...spec.program, command, keep: "last-epoch" } as const;
  const result = programPlan({ ...rest, program }, values, [deriveSeed(spec.seed, "trial", number, 0)]);
  return result.ok ? { ok: true, plan: { ...result.plan, tests } } : result;
}

/** A spec's `training`, whose `maxEpochs` may refer to a parameter. */
export interface TrainingTemplate {
  readonly training?: unknown;
}

/**
 * Returns `training.maxEpochs` of a trial's plan without resolving the whole plan; undefined if the
 * values give no valid number, and for a program that states none.
 */
export function resolveMaxEpochs({ training }: TrainingTemplate, values: ParameterValues): number | undefined {
  const template = isRecord(training) ? training["maxEpochs"] : undefined;
  return trainingSchema.shape.maxEpochs.safeParse(replaceReferences(template, lookUpIn(values))).data;
}

/**
 * Returns the largest `training.maxEpochs` that the search space allows; undefined if it has no
 * number.
 */
export function greatestMaxEpochs(spec: TrainingTemplate & Pick<StudySpec, "parameters">): number | undefined {
  return resolveMaxEpochs(spec, Object.fromEntries(Object.entries(spec.parameters).flatMap(greatestValue)));
}

function greatestValue([name, parameter]: [string, Parameter]): [string, ParameterValue][] {
  if ("max" in parameter) return [[name, parameter.max]];
  if ("value" in parameter) return [[name, parameter.value]];
  const numbers = "values" in parameter ? parameter.values.filter((value) => typeof value === "number") : [];
  return numbers.length === 0 ? [] : [[name, Math.max(...numbers)]];
}

/** The executions of a plan. */
type Executions = Pick<TrainingPlan, "seeds" | "folds">;

/** Returns the outcomes that a plan asks for. */
function askedBy(spec: NetworkStudy | ModuleStudy): Pick<TrainingPlan, "outcomes"> {
  const aims = aimsOf(spec);
  if (aims === undefined) return {};
  const isCounted = !isModuleStudy(spec) && !isFileDataSet(spec.dataset);
  const outcomes = askedOutcomes(aims, isCounted);
  return outcomes.length === 0 ? {} : { outcomes };
}

/** Returns the folds of executions, which go through all folds in turn. */
function foldsFor({ dataset }: StudySpec, executions: readonly number[]): Pick<Executions, "folds"> {
  const count = dataset !== undefined && isFileDataSet(dataset) ? foldsOf(dataset) : undefined;
  return count === undefined ? {} : { folds: executions.map((execution) => execution % count) };
}

function planWith(spec: StudySpec, values: ParameterValues, executions: Executions): PlanResult {
  if (isProgramStudy(spec)) return programPlan(spec, values, executions.seeds);
  return isModuleStudy(spec) ? modulePlan(spec, values, executions) : trainingPlan(spec, values, executions);
}

/** A list of paths names no content yet, so it gives no plan. */
function programPlan(spec: ProgramStudy, values: ParameterValues, seeds: readonly number[]): PlanResult<ProgramPlan> {
  const { program, objective } = spec;
  const { files, test: _, ...rest } = program;
  if (Array.isArray(files)) return { ok: false, problems: [UNSTORED_FILES] };
  const command = resolveCommand(program.command, lookUpIn(values));
  const resolved: Program = {
    ...rest,
    ...(files === undefined ? {} : { files: files as Program["files"] & object }),
    command,
  };
  const maxEpochs = resolveMaxEpochs(spec, values);
  const training = maxEpochs === undefined ? {} : { training: { maxEpochs } };
  return { ok: true, plan: { program: resolved, ...training, objective, values, seeds } };
}

/** The problem of files that the command line program has not stored. */
const UNSTORED_FILES: Problem = {
  path: "program.files",
  expected: "files by their content; sintonia create and sintonia run store them",
  received: "paths",
};

/** A module without stored files gives no plan, as a program. */
function modulePlan(spec: ModuleStudy, values: ParameterValues, executions: Executions): PlanResult<ModulePlan> {
  const { dataset, objective, model } = spec;
  const { files } = model;
  if (files === undefined || Array.isArray(files)) {
    return { ok: false, problems: [{ ...UNSTORED_FILES, path: "model.files" }] };
  }
  const { training } = resolveTemplate(spec, lookUpIn(values));
  const module = modulePath(model.module);
  const json = { dataset, objective, ...askedBy(spec), model: { module, files }, training, values, ...executions };
  const parsed = modulePlanSchema.safeParse(json);
  if (parsed.success) return { ok: true, plan: parsed.data };
  const findings = planFindings(spec, values);
  return { ok: false, problems: toProblems(findings.length > 0 ? findings : findingsOf(parsed.error, json)) };
}

function trainingPlan(spec: NetworkStudy, values: ParameterValues, executions: Executions): PlanResult<TrainingPlan> {
  const { dataset, objective } = spec;
  const { model, training } = resolveTemplate(spec, lookUpIn(values));
  const json = { dataset, objective, ...askedBy(spec), model, training, ...executions };
  const parsed = trainingPlanSchema.safeParse(json);
  if (parsed.success) return { ok: true, plan: parsed.data };
  const findings = planFindings(spec, values);
  return { ok: false, problems: toProblems(findings.length > 0 ? findings : findingsOf(parsed.error, json)) };
}
