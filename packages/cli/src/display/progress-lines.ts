import { isSettled, isUnderWay } from "@sintonia/page/store/study/state/states";
import { spentShare } from "@sintonia/page/store/study/time-left";
import type { Study, Trial } from "@sintonia/proto/sintonia/v1/study";
import { StudyState, TrialState } from "@sintonia/proto/sintonia/v1/study";
import { numberText, steadyText, valueText } from "../study/number-text.js";
import { isOpenEnded } from "../study/progress/budget.js";
import { estimateSecondsLeft } from "../study/progress/estimate.js";
import type { StudyProgress } from "../study/progress/progress.js";
import { isOver, studyStateName } from "../study/trial-state.js";
import { trialValues } from "../study/values.js";
import { bar } from "./format/bar.js";
import { shortDuration } from "./format/duration.js";
import { fittedLine, type LinePart } from "./format/fitted-line.js";
import { type Layout, PLAIN_LAYOUT } from "./format/layout.js";
import { truncated } from "./format/text.js";
import { furtherLimitTexts } from "./report/figures/budget-use.js";

const BAR_CELLS = [24, 10];
/** Lines of a live display beside those of trials: a blank line, waits, the bar, and the cursor. */
const OTHER_ROWS = 6;

/** The time and the room of the updated part of a live display. */
export interface LiveView {
  /** Seconds that the study has worked. */
  readonly elapsed: number;
  readonly layout: Layout;
  /** Rows of the terminal. */
  readonly rows: number;
}

/**
 * Returns the updated part of a live display: a line for each trial under way, a line for each
 * wait, and a bar for the study. Trials beyond the rows of the terminal are counted.
 */
export function liveLines(progress: StudyProgress, { elapsed, layout, rows }: LiveView): string[] {
  const { testRun } = progress.study;
  const trials = [...progress.trials.values(), ...(testRun === undefined ? [] : [testRun])].filter(isUnderWay);
  const shown = trials.slice(0, Math.max(1, rows - OTHER_ROWS));
  const hidden = trials.length - shown.length;
  return [
    "",
    ...shown.map((trial) => trialLine(progress.study, trial, layout)),
    ...(hidden === 0 ? [] : [truncated(`and ${hidden} more trials`, layout.columns)]),
    ...waitingLines(progress, layout),
    overallLine(progress, elapsed, layout),
  ];
}

/** Returns the progress of a trial under way, on one line. */
export function trialLine(study: Study, trial: Trial, layout: Layout = PLAIN_LAYOUT): string {
  const { latest } = trial;
  const name: LinePart = {
    texts: [trial.tests === "" ? `Trial ${trial.id}` : `Test of trial ${trial.tests}`],
    ink: "cyan",
  };
  if (latest === undefined) return fittedLine([name, { texts: [startingText(trial)] }], layout);
  const execution = trial.executions > 1 ? [`execution ${latest.execution + 1}/${trial.executions}`, ""] : [""];
  const metric = shownMetric(study, trial);
  const value = metricText(latest.metrics[metric]);
  return fittedLine(
    [
      name,
      { texts: execution, shortened: 4 },
      { texts: [`epoch ${epochText(latest.epoch, trial)}`, `epoch ${latest.epoch + 1}`], shortened: 6 },
      { texts: [`${metric} ${value}`, value], shortened: 5 },
      { texts: [`best ${metricText(trial.best?.metrics[metric])}`, ""], shortened: 3 },
      { texts: [latest.learningRate > 0 ? `lr ${numberText(latest.learningRate)}` : "", ""], shortened: 2 },
      { texts: [latest.seconds > 0 ? `${(1 / latest.seconds).toFixed(2)} epochs/s` : "", ""], shortened: 1 },
    ],
    layout,
  );
}

/** Returns the objective of a trial. A test, which needs no objective, has its first metric. */
function shownMetric({ objectiveMetric }: Study, { tests, latest }: Trial): string {
  return tests === "" ? objectiveMetric : (Object.keys(latest?.metrics ?? {})[0] ?? objectiveMetric);
}

/** Formats an epoch, and the most epochs that a trial may take, if there is such a limit. */
function epochText(epoch: number, { maxEpochs }: Trial): string {
  const most = String(maxEpochs);
  return maxEpochs === 0 ? String(epoch + 1) : `${String(epoch + 1).padStart(most.length)}/${most}`;
}

function startingText({ trainerId, attempt }: Trial): string {
  return `starting on ${trainerId}${attempt > 1 ? `, attempt ${attempt}` : ""}`;
}

/** Returns the start of a trial with its values, on one line. */
export function trialStartLine(trial: Trial): string {
  const values = Object.entries(trialValues(trial)).map(([name, value]) => `${name}=${valueText(value)}`);
  const attempt = trial.attempt > 1 ? `, attempt ${trial.attempt}` : "";
  const replicate = trial.replicates === undefined ? "" : `, replicate of trial ${trial.replicates.trialId}`;
  const valuesText = values.join(", ") || "default configuration";
  return `Trial ${trial.id} started on ${trial.trainerId}${attempt}${replicate}: ${valuesText}`;
}

/** Returns the loss of an attempt and its reason, on one line. */
export function trialRequeuedLine({ id, attempt, message }: Trial): string {
  const reason = message === "" ? "" : `. ${message}`;
  return `Trial ${id} waits for another trainer (attempt ${attempt})${reason}`;
}

/** Returns the number of ended trials and the time left, on one line. */
export function trialsDoneLine(progress: StudyProgress): string {
  const { settled, total } = counts(progress);
  const trials = isOpenEnded(progress.study) ? `${settled} trials` : `${settled} of ${total} trials`;
  return [`${trials} done`, ...furtherLimitTexts(progress.study), timeLeft(progress)[0]].join(", ");
}

/** Returns what the study does after its last trial, on one line. */
export function finalStepText({ bestTrialId, selection, testRun }: Study): string {
  if (testRun !== undefined) return `testing trial ${testRun.tests} with program.test`;
  return selection === undefined
    ? "choosing the best trial"
    : `evaluating the best model, trial ${bestTrialId}, on the test split`;
}

function waitingLines({ study, trials }: StudyProgress, { columns, style }: Layout): string[] {
  const messages = new Map<string, string[]>();
  for (const { id, state, waiting } of trials.values()) {
    if (state !== TrialState.QUEUED || waiting === undefined || waiting.message === study.waiting?.message) continue;
    messages.set(waiting.message, [...(messages.get(waiting.message) ?? []), id]);
  }
  const ofTrials = [...messages].map(([message, ids]) =>
    ids.length === 1 ? `Trial ${ids[0]}: ${message}` : `${ids.length} trials: ${message}`,
  );
  const ofStudy = study.waiting === undefined ? [] : [`Waiting: ${study.waiting.message}`];
  return [...ofStudy, ...ofTrials].slice(0, 2).map((line) => style("yellow", truncated(line, columns)));
}

function overallLine(progress: StudyProgress, elapsed: number, layout: Layout): string {
  const { settled, total } = counts(progress);
  const limits = furtherLimitTexts(progress.study);
  const trials = isOpenEnded(progress.study) ? String(settled) : `${settled}/${total}`;
  const trainers = `${progress.trainerCount} trainer${progress.trainerCount === 1 ? "" : "s"}`;
  const share = spentShare({ ...progress.study, settledCount: settled, expectedTrialCount: total });
  return fittedLine(
    [
      { texts: [...BAR_CELLS.map((cells) => bar(share, cells)), ""], shortened: 1, ink: "green" },
      { texts: [`${trials} trials`, trials, ""], shortened: 4 },
      { texts: [...limits.slice(0, 1), ""], shortened: 2 },
      { texts: [trainers, ""], shortened: 2 },
      { texts: [shortDuration(elapsed), ""], shortened: 3 },
      { texts: timeLeft(progress), shortened: 5 },
    ],
    layout,
  );
}

/** Returns what is left to do, from the longest text to the shortest. */
function timeLeft(progress: StudyProgress): [string, ...string[]] {
  const { study } = progress;
  if (study.state === StudyState.FINALIZING) {
    const step = study.testRun === undefined ? "evaluating" : "testing";
    const short = study.selection === undefined ? "choosing the best" : `${step} trial ${study.bestTrialId}`;
    return [finalStepText(study), short];
  }
  if (isOver(study.state)) return [`the study is ${studyStateName(study.state)}`, studyStateName(study.state)];
  const seconds = estimateSecondsLeft(progress);
  return seconds === undefined ? ["estimating time left"] : [`about ${shortDuration(seconds)} left`];
}

function counts(progress: StudyProgress): { settled: number; total: number } {
  return { settled: [...progress.trials.values()].filter(isSettled).length, total: progress.study.expectedTrialCount };
}

function metricText(value: number | undefined): string {
  return value === undefined ? "-" : steadyText(value);
}
