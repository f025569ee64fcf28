// The table of a study's trials.

import { furtherNames } from "@sintonia/page/plot/front/outcomes";
import { isUnderWay } from "@sintonia/page/store/study/state/states";
import { trialSeconds } from "@sintonia/page/store/study/time-left";
import { type Study, type Trial, TrialState } from "@sintonia/proto/sintonia/v1/study";
import { parameterNames } from "../../study/documents/trial-results.js";
import { columnText, numberText, valueText } from "../../study/number-text.js";
import { isConspicuous, silentSeconds } from "../../study/progress/silence.js";
import { trialStateName } from "../../study/trial-state.js";
import { trialValues } from "../../study/values.js";
import { shortDuration } from "../format/duration.js";
import type { Layout } from "../format/layout.js";
import type { Ink } from "../format/style.js";
import { type Cell, type Column, tableLines } from "../format/table.js";

/** The looks of states. The state of a study has the look of the same state of a trial. */
const INKS: Readonly<Record<string, Ink>> = {
  completed: "green",
  running: "cyan",
  leased: "cyan",
  active: "cyan",
  finalizing: "cyan",
  failed: "red",
  infeasible: "yellow",
  pruned: "yellow",
  queued: "dim",
  cancelled: "dim",
  paused: "yellow",
  stopping: "yellow",
};

/** Width to which messages are cut before columns are left out. */
const MESSAGE_COLUMNS = 40;

/** Returns the name of a state with its look. */
export function stateCell(name: string): Cell {
  return { text: name, ink: INKS[name] };
}

/**
 * Returns a line for each trial, with every outcome of a study with several objectives or limits.
 * Where the lines are too wide, messages are cut, then these columns are left out: attempt,
 * trainer, time, message, the parameters from the last to the first, epochs, the latest value.
 */
export function trialTable(study: Study, trials: readonly Trial[], now: Date, layout: Layout): string[] {
  const names = parameterNames(study.specJson === "" ? null : JSON.parse(study.specJson));
  const objective = columnText(
    trials.flatMap((trial) => trial.objective ?? []),
    trials.find(({ id }) => id === study.bestTrialId)?.objective,
  );
  const showsLatest = trials.some(isUnderWay);
  const further = furtherNames(study);
  const rows = trials.map((trial): Cell[] => {
    const seconds = trialSeconds(trial, now);
    const values = trialValues(trial, names);
    return [
      { text: trial.id, ink: trial.id === study.bestTrialId ? "green" : undefined },
      stateCell(trialStateName(trial.state)),
      ...names.map((name) => (Object.hasOwn(values, name) ? valueText(values[name] as never) : "-")),
      objectiveText(trial, objective),
      ...further.map((name) => outcomeText(trial, name)),
      ...(showsLatest ? [latestText(study, trial)] : []),
      epochsText(trial),
      seconds === undefined ? "-" : shortDuration(seconds),
      String(trial.attempt),
      trial.state === TrialState.QUEUED ? "-" : trial.trainerId || "-",
      [silenceText(trial, now), messageText(trial)].filter((text) => text !== "").join(" "),
    ];
  });
  return tableLines(columnsOf([study.objectiveMetric, ...further], names, showsLatest), rows, layout);
}

function columnsOf(metrics: readonly string[], names: readonly string[], showsLatest: boolean): Column[] {
  const last = 4 + names.length;
  return [
    { title: "TRIAL" },
    { title: "STATE" },
    ...names.map((title, i) => ({ title, leftOut: last - i })),
    ...metrics.map((title) => ({ title })),
    ...(showsLatest ? [{ title: "LATEST", leftOut: last + 2 }] : []),
    { title: "EPOCHS", leftOut: last + 1 },
    { title: "TIME", leftOut: 3 },
    { title: "ATTEMPT", leftOut: 1 },
    { title: "TRAINER", leftOut: 2 },
    { title: "MESSAGE", leftOut: 4, cutTo: MESSAGE_COLUMNS },
  ];
}

/**
 * Formats the objective, with the standard deviation and the number of its executions if there were
 * several.
 */
function objectiveText(
  { objective, executionDeviation, executionObjectives }: Trial,
  format: (value: number) => string,
): string {
  if (objective === undefined) return "-";
  if (executionDeviation === undefined) return format(objective);
  return `${format(objective)} ± ${numberText(executionDeviation, 2)} (${executionObjectives.length})`;
}

function outcomeText({ outcomes }: Trial, name: string): string {
  const value = outcomes[name];
  return value === undefined ? "-" : numberText(value);
}

function latestText({ objectiveMetric }: Study, trial: Trial): string {
  const value = isUnderWay(trial) ? trial.latest?.metrics[objectiveMetric] : undefined;
  return value === undefined ? "-" : numberText(value);
}

/** Formats the number of epochs; of a trial under way also the most epochs, if it has a limit. */
function epochsText(trial: Trial): string {
  const { epochs, maxEpochs, executions } = trial;
  return isUnderWay(trial) && maxEpochs > 0 ? `${epochs}/${maxEpochs * executions}` : String(epochs);
}

/** Names a silence after which the program of a trial may hang. */
function silenceText(trial: Trial, now: Date): string {
  const seconds = silentSeconds(trial, now);
  if (seconds === undefined || !isConspicuous(trial, seconds)) return "";
  return `No report for ${shortDuration(seconds)}.`;
}

/**
 * Returns what a person should know of a trial: that it is a replicate, a retry or a test, why it
 * waits, how its last attempt or the trial ended.
 */
export function messageText(trial: Trial): string {
  const { replicates, retries, tests, waiting, message } = trial;
  const retry = retries === "" ? "" : `Retry of trial ${retries}.`;
  const kind = tests === "" ? retry : `Test of trial ${tests}.`;
  const origin = replicates === undefined ? kind : `Replicate of trial ${replicates.trialId}.`;
  return [origin, waiting?.message ?? "", message].filter((text) => text !== "").join(" ");
}
