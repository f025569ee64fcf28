import type { Goal } from "../objective/goal.js";
import type { Evidence, LearningCurve, Pruner, PruningRequest, Verdict } from "./contract/pruner.js";

/** Returns a learning curve of executions' objectives, at a constant learning rate. */
export function curveOf(
  trialNumber: number,
  state: LearningCurve["state"],
  ...executions: readonly (readonly number[])[]
): LearningCurve {
  const learningRates = executions.map((epochs) => epochs.map(() => 0.1));
  return { trialNumber, state, executions, learningRates, promotedFrom: 0 };
}

/** Returns completed trials with the numbers from 0 on, each with one execution. */
export function completedTrials(...objectives: readonly (readonly number[])[]): LearningCurve[] {
  return objectives.map((epochs, number) => curveOf(number, "completed", epochs));
}

/** Returns a request about the last epoch of a trial. */
export function requestOf(
  trial: LearningCurve,
  others: readonly LearningCurve[],
  settings: Partial<PruningRequest> & { readonly goal?: Goal } = {},
): PruningRequest {
  return { goal: "maximize", trial, others, maxEpochs: 100, executions: 1, ...settings };
}

/** Returns the evidence of a verdict against a trial. */
export function evidenceOf(verdict: Verdict): Evidence {
  if (verdict.kind === "continue" || verdict.kind === "promote") throw new Error("the trial goes on");
  return verdict.evidence;
}

/**
 * Returns the verdicts on a running trial's epochs, one after another, each as its first letter:
 * "c" for "continue".
 */
export function verdictsOn(
  pruner: Pruner,
  objectives: readonly number[],
  others: readonly LearningCurve[],
  settings: Partial<PruningRequest> = {},
): string {
  return objectives
    .map((_, epoch) => {
      const trial = curveOf(others.length, "running", objectives.slice(0, epoch + 1));
      return pruner.judge(requestOf(trial, others, settings)).kind[0];
    })
    .join("");
}
