import { SCORE_NAMES, type ScoreName } from "@sintonia/tuning/plan/metric";
import type { AskedOutcome, TrainingPlan } from "@sintonia/tuning/plan/training-plan";

/**
 * Returns the scores of the validation rows that a plan reads as objective, as a further outcome
 * or in a callback. The accuracy is not among them: every engine measures it with the loss.
 */
export function askedScores({
  objective,
  outcomes = [],
  training,
}: Pick<TrainingPlan, "objective" | "outcomes"> & {
  readonly training: Pick<TrainingPlan["training"], "callbacks">;
}): ScoreName[] {
  const read: readonly (AskedOutcome | undefined)[] = [
    objective.metric,
    ...outcomes,
    ...training.callbacks.map((callback) => ("monitor" in callback ? callback.monitor : undefined)),
  ];
  return SCORE_NAMES.filter((name) => name !== "accuracy" && read.includes(`val_${name}`));
}
