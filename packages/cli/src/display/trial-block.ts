import { furtherNames } from "@sintonia/page/plot/front/outcomes";
import { trialSeconds } from "@sintonia/page/store/study/time-left";
import type { Study, Trial } from "@sintonia/proto/sintonia/v1/study";
import { TrialState } from "@sintonia/proto/sintonia/v1/study";
import { comparedText, numberText } from "../study/number-text.js";
import { studySeconds } from "../study/progress/estimate.js";
import { trialStateName } from "../study/trial-state.js";
import { kerasDuration } from "./format/duration.js";
import { type Layout, PLAIN_LAYOUT } from "./format/layout.js";
import type { Ink } from "./format/style.js";
import { wrapped } from "./format/text.js";

const INKS: Readonly<Record<number, Ink>> = {
  [TrialState.COMPLETED]: "green",
  [TrialState.FAILED]: "red",
  [TrialState.INFEASIBLE]: "yellow",
  [TrialState.PRUNED]: "yellow",
};

/**
 * Returns the lines that KerasTuner prints when a trial ends, after a blank line. If the trial did
 * not complete, its state replaces "Complete" and a line gives the reason.
 */
export function trialBlock(
  study: Study,
  trial: Trial,
  bestSoFar: number | undefined,
  { columns, style }: Layout = PLAIN_LAYOUT,
): string[] {
  const end = trial.state === TrialState.COMPLETED ? "Complete" : capitalized(trialStateName(trial.state));
  const replicate = trial.replicates === undefined ? "" : ` (replicate of trial ${trial.replicates.trialId})`;
  const title = `Trial ${trial.id}${replicate} ${end} [${kerasDuration(trialSeconds(trial) ?? 0)}]`;
  const format = comparedText([trial.objective, bestSoFar].filter((value) => value !== undefined));
  const metric = study.objectiveMetric;
  const { objective, executionObjectives } = trial;
  const mean = executionObjectives.length > 1 ? ` (mean of ${executionObjectives.length} executions)` : "";
  return [
    "",
    style(INKS[trial.state] ?? "bold", title),
    ...(objective === undefined ? [] : [`${metric}: ${format(objective)}${mean}`]),
    ...furtherNames(study).flatMap((name) => {
      const value = trial.outcomes[name];
      return value === undefined ? [] : [`${name}: ${numberText(value)}`];
    }),
    ...(trial.message === "" ? [] : wrapped(trial.message, columns)),
    "",
    `Best ${metric} So Far: ${bestSoFar === undefined ? "None" : format(bestSoFar)}`,
    `Total elapsed time: ${kerasDuration(studySeconds(study, trial.endedAt) ?? 0)}`,
  ];
}

function capitalized(word: string): string {
  return word.charAt(0).toUpperCase() + word.slice(1);
}
