// The outcomes of a completed trial: metrics of the epochs that its executions keep, and facts
// about its model and its training.

import type { Measurement } from "@sintonia/protocol/measurement";
import { isMeasuredFact } from "@sintonia/tuning/aims/facts";
import { outcomeNames } from "@sintonia/tuning/objective/outcomes";
import { NAMED_DATA_FEATURES } from "@sintonia/tuning/plan/known-facts";
import { parameterCount } from "@sintonia/tuning/plan/parameter-count";
import { isModulePlan, isProgramPlan } from "@sintonia/tuning/plan/program-plan";
import { isFileDataSet } from "@sintonia/tuning/plan/training-plan";
import { isProgramStudy } from "@sintonia/tuning/spec/study-spec";
import type { CompleteTrial } from "../boundary/input.js";
import { aimsOfStudy } from "../outcomes/aims.js";
import type { Study, Trial } from "../state/study.js";
import { trialPlan } from "./trial-plan.js";

/** The values of each outcome: one for each execution, or one for the whole trial. */
export type OutcomeValues = Readonly<Record<string, readonly number[]>>;

/** The outcomes of a trial, or the first one that it lacks. */
export type OutcomesResult =
  | { readonly ok: true; readonly outcomes: OutcomeValues }
  | { readonly ok: false; readonly missing: string };

/**
 * Returns the outcomes that a study's aims name. A metric that the kept epoch of an execution does
 * not have is the last one that the execution reported.
 *
 * @param kept - measurement of the kept epoch of each execution
 */
export function trialOutcomes(
  study: Study,
  trial: Trial,
  { kept, ...completion }: Pick<CompleteTrial, "weights" | "facts"> & { readonly kept: readonly Measurement[] },
): OutcomesResult {
  const aims = aimsOfStudy(study);
  const outcomes: Record<string, readonly number[]> = {};
  for (const name of aims === undefined ? [] : outcomeNames(aims)) {
    const values = metricValues(trial, kept, name) ?? factValues(study, trial, name, completion);
    if (values === undefined || !values.every(Number.isFinite)) return { ok: false, missing: name };
    outcomes[name] = values;
  }
  return { ok: true, outcomes };
}

/** Returns a metric of each execution; undefined if one of them never reported it. */
function metricValues(trial: Trial, kept: readonly Measurement[], name: string): readonly number[] | undefined {
  const values = kept.map(({ execution, metrics }) => metrics[name] ?? lastReported(trial, execution, name));
  return values.every((value) => value !== undefined) ? values : undefined;
}

function lastReported({ measurements }: Trial, execution: number, name: string): number | undefined {
  return measurements
    .slice()
    .findLast(({ execution: own, metrics }) => own === execution && metrics[name] !== undefined)?.metrics[name];
}

function factValues(
  study: Study,
  trial: Trial,
  name: string,
  { weights, facts = {} }: Pick<CompleteTrial, "weights" | "facts">,
): readonly number[] | undefined {
  if (name === "model_bytes") return [weights.sizeBytes];
  if (name === "train_seconds") return secondsByExecution(trial);
  const value = name === "parameters" ? (plannedParameters(study, trial) ?? facts[name]) : facts[name];
  return value === undefined || !isMeasuredFact(name) ? undefined : [value];
}

function secondsByExecution({ measurements }: Trial): readonly number[] {
  const sums: number[] = [];
  for (const { execution, seconds } of measurements) sums[execution] = (sums[execution] ?? 0) + seconds;
  return sums;
}

/** Returns the number of parameters of a network on a known data set, whose plan says them all. */
function plannedParameters(study: Study, trial: Trial): number | undefined {
  const planned = trialPlan(study, trial);
  if (!planned.ok || isProgramPlan(planned.plan) || isModulePlan(planned.plan)) return undefined;
  const { model, dataset } = planned.plan;
  return isFileDataSet(dataset) ? undefined : parameterCount(model, NAMED_DATA_FEATURES);
}

/** Says in one line why a trial without an outcome has failed. */
export function missingOutcomeText({ spec }: Pick<Study, "spec">, name: string): string {
  const need = `The trial has no ${name}, which the objectives or limits of the study need`;
  if (isProgramStudy(spec)) return `${need}: its program did not report it.`;
  if (isMeasuredFact(name)) return `${need}: its trainer did not measure it, as those of earlier versions cannot.`;
  return `${need}: its trainer did not report it.`;
}
