import type { TrainingPlan } from "@sintonia/tuning/plan/training-plan";
import { resolvePlan, resolveReplicatePlan } from "@sintonia/tuning/spec/resolve";
import type { Study, Trial } from "../state/study.js";

/** Returns the training plan of a trial. */
export function trialPlan({ spec }: Pick<Study, "spec">, { values, number, replicates }: Trial): TrainingPlan {
  return replicates === undefined
    ? resolvePlan(spec, values, number)
    : resolveReplicatePlan(spec, values, replicates.round);
}

/** Returns the number of executions of a trial: the budget's number, and one for a replicate. */
export function executionsOf({ spec }: Pick<Study, "spec">, { replicates }: Trial): number {
  return replicates === undefined ? spec.budget.executionsPerTrial : 1;
}
