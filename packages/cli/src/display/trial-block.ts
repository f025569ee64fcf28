import type { Study, Trial } from "@sintonia/proto/sintonia/v1/study";
import { TrialState } from "@sintonia/proto/sintonia/v1/study";
import { trialSeconds } from "../study/progress/estimate.js";
import { trialStateName } from "../study/trial-state.js";
import { kerasDuration } from "./format/duration.js";
import { pythonFloat } from "./format/number.js";

/**
 * Returns the lines that KerasTuner prints when a trial ends, after a blank line. If the trial did
 * not complete, its state replaces "Complete" and a line gives the reason.
 */
export function trialBlock(study: Study, trial: Trial, bestSoFar: number | undefined): string[] {
  const end = trial.state === TrialState.COMPLETED ? "Complete" : capitalized(trialStateName(trial.state));
  const replicate = trial.replicates === undefined ? "" : ` (replicate of trial ${trial.replicates.trialId})`;
  const lines = ["", `Trial ${trial.id}${replicate} ${end} [${kerasDuration(trialSeconds(trial) ?? 0)}]`];
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
