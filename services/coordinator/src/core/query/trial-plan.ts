import {
  type PlanResult,
  resolveMaxEpochs,
  resolvePlan,
  resolveReplicatePlan,
  resolveTestPlan,
} from "@sintonia/tuning/spec/resolve";
import { isProgramStudy } from "@sintonia/tuning/spec/study-spec";
import { formatProblems } from "@sintonia/tuning/validation/problems";
import type { Study, Trial } from "../state/study.js";

/** Returns the plan of a trial or of a test run, or the problems of values that give none. */
export function trialPlan({ spec, trials }: Pick<Study, "spec" | "trials">, trial: Trial): PlanResult {
  const { values, number, replicates, tests } = trial;
  const artifacts = trials[number]?.weights;
  if (tests !== undefined && artifacts !== undefined && isProgramStudy(spec)) {
    const { sha256, sizeBytes } = artifacts;
    return resolveTestPlan(spec, values, { number, trialId: tests, artifacts: { sha256, sizeBytes } });
  }
  return replicates === undefined
    ? resolvePlan(spec, values, number)
    : resolveReplicatePlan(spec, values, replicates.round);
}

/** Says in one line why a trial has no plan. */
export function planRefusal({ problems }: Extract<PlanResult, { ok: false }>): string {
  return `These values give no valid plan: ${formatProblems(problems).replaceAll("\n", "; ")}.`;
}

/**
 * Returns the number of executions of a trial: the budget's number, and one for a replicate or a
 * test run.
 */
export function executionsOf({ spec }: Pick<Study, "spec">, { replicates, tests }: Trial): number {
  return replicates === undefined && tests === undefined ? spec.budget.executionsPerTrial : 1;
}

/**
 * Returns the largest number of epochs of an execution; undefined for a program that states none,
 * and for a test run.
 */
export function maxEpochsOf({ spec }: Pick<Study, "spec">, { values, tests }: Trial): number | undefined {
  return tests === undefined ? resolveMaxEpochs(spec, values) : undefined;
}

/** Tells whether a trial has reported the last epoch of its plan. */
export function hasAllEpochs(study: Pick<Study, "spec">, trial: Trial): boolean {
  const last = trial.measurements.at(-1);
  if (last === undefined || last.execution < executionsOf(study, trial) - 1) return false;
  return last.epoch + 1 === maxEpochsOf(study, trial);
}
