import type { Study, Trial } from "@sintonia/proto/sintonia/v1/study";
import { StudyState } from "@sintonia/proto/sintonia/v1/study";
import { estimateSecondsLeft } from "../study/progress/estimate.js";
import type { StudyProgress } from "../study/progress/progress.js";
import { isSettled, isUnderWay } from "../study/trial-state.js";
import { trialValues } from "../study/values.js";
import { bar } from "./format/bar.js";
import { shortDuration } from "./format/duration.js";
import { formatValue, significant } from "./format/number.js";
import { truncated } from "./format/table.js";

const BAR_CELLS = 24;

/**
 * Returns the updated part of a live display: a line for each trial under way and a bar for the
 * study.
 *
 * @param columns - greatest width of a line
 */
export function liveLines(progress: StudyProgress, now: Date, columns: number): string[] {
  const trials = [...progress.trials.values()].filter(isUnderWay);
  const lines = trials.map((trial) => trialLine(progress.study, trial));
  return ["", ...lines, overallLine(progress, now)].map((line) => truncated(line, columns));
}

/** Returns the progress of a trial under way, on one line. */
export function trialLine(study: Study, trial: Trial): string {
  const { latest } = trial;
  if (latest === undefined) return `Trial ${trial.id}  starting on ${trial.trainerId}`;
  const execution = trial.executions > 1 ? [`execution ${latest.execution + 1}/${trial.executions}`] : [];
  return [
    `Trial ${trial.id}`,
    ...execution,
    `epoch ${String(latest.epoch + 1).padStart(String(trial.maxEpochs).length)}/${trial.maxEpochs}`,
    `${study.objectiveMetric} ${metric(latest.metrics[study.objectiveMetric])}`,
    `best ${metric(trial.best?.metrics[study.objectiveMetric])}`,
    `lr ${significant(latest.learningRate, 3)}`,
    ...(latest.seconds > 0 ? [`${(1 / latest.seconds).toFixed(2)} epochs/s`] : []),
  ].join("  ");
}

/** Returns the start of a trial with its values, on one line. */
export function trialStartLine(trial: Trial): string {
  const values = Object.entries(trialValues(trial)).map(([name, value]) => `${name}=${formatValue(value)}`);
  const attempt = trial.attempt > 1 ? `, attempt ${trial.attempt}` : "";
  const replicate = trial.replicates === undefined ? "" : `, replicate of trial ${trial.replicates.trialId}`;
  const valuesText = values.join(", ") || "default configuration";
  return `Trial ${trial.id} started on ${trial.trainerId}${attempt}${replicate}: ${valuesText}`;
}

/** Returns the loss of an attempt, on one line. */
export function trialRequeuedLine({ id, attempt }: Trial): string {
  return `Trial ${id} waits for another trainer (attempt ${attempt})`;
}

/** Returns the number of ended trials and the time left, on one line. */
export function trialsDoneLine(progress: StudyProgress): string {
  const { settled, total } = counts(progress);
  return `${settled} of ${total} trials done, ${timeLeft(progress)}`;
}

function overallLine(progress: StudyProgress, now: Date): string {
  const { settled, total } = counts(progress);
  const elapsed = (now.getTime() - (progress.study.createdAt ?? now).getTime()) / 1000;
  const trainers = `${progress.trainerCount} trainer${progress.trainerCount === 1 ? "" : "s"}`;
  const share = total === 0 ? 0 : settled / total;
  return [
    `${bar(share, BAR_CELLS)} ${settled}/${total} trials`,
    trainers,
    shortDuration(Math.max(0, elapsed)),
    timeLeft(progress),
  ].join("  ");
}

function timeLeft(progress: StudyProgress): string {
  const { state, bestTrialId, selection } = progress.study;
  if (state === StudyState.FINALIZING && selection === undefined) return "choosing the best trial";
  if (state === StudyState.FINALIZING) return `evaluating the best model, trial ${bestTrialId}, on the test split`;
  const seconds = estimateSecondsLeft(progress);
  return seconds === undefined ? "estimating time left" : `about ${shortDuration(seconds)} left`;
}

function counts(progress: StudyProgress): { settled: number; total: number } {
  return { settled: [...progress.trials.values()].filter(isSettled).length, total: progress.study.expectedTrialCount };
}

function metric(value: number | undefined): string {
  return value === undefined ? "-" : value.toFixed(4);
}
