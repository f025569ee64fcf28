import { type PlanResult, resolvePlan, resolveReplicatePlan } from "@sintonia/tuning/spec/resolve";
import { formatProblems } from "@sintonia/tuning/validation/problems";
import type { Study, Trial } from "../state/study.js";

/** Returns the training plan of a trial, or the problems of values that give none. */
export function trialPlan({ spec }: Pick<Study, "spec">, { values, number, replicates }: Trial): PlanResult {
  return replicates === undefined
    ? resolvePlan(spec, values, number)
    : resolveReplicatePlan(spec, values, replicates.round);
}

/** Says in one line why a trial has no plan. */
export function planRefusal({ problems }: Extract<PlanResult, { ok: false }>): string {
  return `These values give no valid plan: ${formatProblems(problems).replaceAll("\n", "; ")}.`;
}

/** Returns the number of executions of a trial: the budget's number, and one for a replicate. */
export function executionsOf({ spec }: Pick<Study, "spec">, { replicates }: Trial): number {
  return replicates === undefined ? spec.budget.executionsPerTrial : 1;
}
