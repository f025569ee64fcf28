import type { LearningCurve } from "../contract/pruner.js";

/**
 * Returns the trials of a search in the order of their numbers.
 *
 * @param others - all trials but one, in the order of their numbers
 * @param trial - the remaining one
 */
export function inOrder(others: readonly LearningCurve[], trial: LearningCurve): LearningCurve[] {
  const after = others.findIndex(({ trialNumber }) => trialNumber > trial.trialNumber);
  return after < 0 ? [...others, trial] : others.toSpliced(after, 0, trial);
}
