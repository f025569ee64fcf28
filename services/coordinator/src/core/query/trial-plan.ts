import type { TrainingPlan } from "@sintonia/tuning/plan/training-plan";
import { resolvePlan, resolveReplicatePlan } from "@sintonia/tuning/spec/resolve";
import type { Study, Trial } from "../state/study.js";

/** The training plan of a trial of the study. */
export function trialPlan({ spec }: Pick<Study, "spec">, { values, number, replicates }: Trial): TrainingPlan {
  return replicates === undefined
    ? resolvePlan(spec, values, number)
    : resolveReplicatePlan(spec, values, replicates.round);
}

/** How often a trial is trained, with different seeds: as the budget says, a replicate once. */
export function executionsOf({ spec }: Pick<Study, "spec">, { replicates }: Trial): number {
  return replicates === undefined ? spec.budget.executionsPerTrial : 1;
}
