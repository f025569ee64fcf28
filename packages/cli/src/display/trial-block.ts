import type { Study, Trial } from "@sintonia/proto/sintonia/v1/study";
import { TrialState } from "@sintonia/proto/sintonia/v1/study";
import { trialSeconds } from "../study/progress/estimate.js";
import { trialStateName } from "../study/trial-state.js";
import { kerasDuration } from "./format/duration.js";
import { pythonFloat } from "./format/number.js";

/**
 * The lines KerasTuner prints when a trial ends, a blank one in front. A trial that did not complete says so in place of
 * "Complete", and why.
 */
export function trialBlock(study: Study, trial: Trial, bestSoFar: number | undefined): string[] {
  const end = trial.state === TrialState.COMPLETED ? "Complete" : capitalized(trialStateName(trial.state));
  const again = trial.replicates === undefined ? "" : ` (trial ${trial.replicates.trialId} again)`;
  const lines = ["", `Trial ${trial.id}${again} ${end} [${kerasDuration(trialSeconds(trial) ?? 0)}]`];
  if (trial.objective !== undefined) lines.push(`${study.objectiveMetric}: ${pythonFloat(trial.objective)}`);
  if (trial.message !== "") lines.push(trial.message);
  lines.push("", `Best ${study.objectiveMetric} So Far: ${bestSoFar === undefined ? "None" : pythonFloat(bestSoFar)}`);
  lines.push(`Total elapsed time: ${kerasDuration(secondsBetween(study.createdAt, trial.endedAt))}`);
  return lines;
}

function capitalized(word: string): string {
  return word.charAt(0).toUpperCase() + word.slice(1);
}

function secondsBetween(from: Date | undefined, to: Date | undefined): number {
  return from === undefined || to === undefined ? 0 : Math.max(0, (to.getTime() - from.getTime()) / 1000);
}
