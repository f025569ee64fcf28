// One trial: its values, its figures, its times, and its learning curves.

import { furtherNames } from "@sintonia/page/plot/front/outcomes";
import { isUnderWay } from "@sintonia/page/store/study/state/states";
import { trialSeconds } from "@sintonia/page/store/study/time-left";
import type { Study, Trial } from "@sintonia/proto/sintonia/v1/study";
import { type ExecutionHistory, historyOf, metricNames } from "../../study/documents/history.js";
import { parameterNames, trialResults } from "../../study/documents/trial-results.js";
import { numberText, valueText } from "../../study/number-text.js";
import { silentSeconds } from "../../study/progress/silence.js";
import { trialStateName } from "../../study/trial-state.js";
import { chartLines } from "../format/chart.js";
import { shortDuration } from "../format/duration.js";
import { instantText } from "../format/instant.js";
import { labelled } from "../format/label.js";
import { type Layout, PLAIN_LAYOUT } from "../format/layout.js";
import { type Cell, tableLines } from "../format/table.js";
import { truncated, wrapped } from "../format/text.js";
import { objectiveText } from "./figures/measured-figures.js";
import { messageText } from "./trial-table.js";

/** Greatest number of epochs that the table shows of one execution. */
const EPOCHS_SHOWN_MAX = 12;
/** Width of a chart on a stream whose lines are never broken. */
const CHART_COLUMNS = 80;

/**
 * Returns the details of a trial.
 *
 * @param trial - with its measurements
 */
export function trialDetails(study: Study, trial: Trial, now: Date, layout: Layout = PLAIN_LAYOUT): string[] {
  const results = trialResults(trial, parameterNames(study.specJson === "" ? null : JSON.parse(study.specJson)));
  const { objectiveMetric: metric } = study;
  const values = Object.entries(results.values).map(([name, value]) => `${name} ${valueText(value)}`);
  const message = messageText(trial);
  const known = furtherNames(study).filter((name) => trial.outcomes[name] !== undefined);
  const outcomes = known.map((name) => `${name} ${numberText(trial.outcomes[name] as number)}`);
  return [
    ...labelled("Trial", `${trial.id} of study ${study.id}`, layout),
    ...labelled("State", trialStateText(trial), layout),
    ...(message === "" ? [] : labelled("Message", message, layout)),
    ...labelled("Values", values.join(", ") || "the defaults", layout),
    ...(trial.tests === "" ? labelled("Objective", `${metric} ${objectiveText(results)}`, layout) : []),
    ...(outcomes.length === 0 ? [] : labelled("Outcomes", outcomes.join(", "), layout)),
    ...(isUnderWay(trial) ? labelled("Latest", latestText(trial, now), layout) : []),
    ...labelled("Time", timeText(trial, now), layout),
    ...results.history.flatMap((history) => curveLines(history, { metric, trial, layout })),
    ...tableOf(study, trial, layout),
  ];
}

/** Returns the state of a trial, with the trainer that holds its lease. */
export function trialStateText(trial: Trial): string {
  const { state, trainerId, attempt } = trial;
  const where = isUnderWay(trial) && trainerId !== "" ? ` on ${trainerId}` : "";
  return `${trialStateName(state)}${where}${attempt > 1 ? `, attempt ${attempt}` : ""}`;
}

function latestText(trial: Trial, now: Date): string {
  const { latest, executions } = trial;
  const seconds = silentSeconds(trial, now);
  if (latest === undefined)
    return seconds === undefined ? "no epoch yet" : `no epoch yet, for ${shortDuration(seconds)}`;
  const execution = executions > 1 ? `execution ${latest.execution + 1} of ${executions}, ` : "";
  const metrics = Object.entries(latest.metrics).map(([name, value]) => `${name} ${numberText(value)}`);
  const since = seconds === undefined ? "" : `; reported ${shortDuration(seconds)} ago`;
  return `${execution}epoch ${latest.epoch + 1}${lengthText(trial)}: ${metrics.join(", ")}${since}`;
}

function lengthText({ maxEpochs, executions, expectedEpochs }: Trial): string {
  if (maxEpochs === 0) return "";
  const most = ` of at most ${maxEpochs}`;
  if (expectedEpochs === undefined || expectedEpochs >= maxEpochs * executions) return most;
  const about = `about ${Math.round(expectedEpochs)} expected`;
  return executions === 1 ? `${most}, ${about}` : `${most}, ${about} in all executions`;
}

function timeText(trial: Trial, now: Date): string {
  const seconds = trialSeconds(trial, now);
  if (seconds === undefined || trial.startedAt === undefined) return "not started";
  const end = trial.endedAt === undefined ? "" : `, ended ${instantText(trial.endedAt)}`;
  return `started ${instantText(trial.startedAt)}${end}; ${shortDuration(seconds)}`;
}

interface CurveContext {
  readonly metric: string;
  readonly trial: Trial;
  readonly layout: Layout;
}

function curveLines({ execution, metrics }: ExecutionHistory, { metric, trial, layout }: CurveContext): string[] {
  const values = Object.hasOwn(metrics, metric) ? (metrics[metric] ?? []) : [];
  if (values.length < 2) return [];
  const of = trial.executions > 1 ? `, execution ${execution + 1} of ${trial.executions}` : "";
  const columns = Math.min(layout.columns, CHART_COLUMNS);
  return [
    "",
    layout.style("bold", truncated(`${metric} by epoch${of}`, layout.columns)),
    ...chartLines({ values, ends: ["1", String(values.length)] }, columns),
  ];
}

/** Returns a table of epochs: all of them, or an even choice with the first and the last one. */
function tableOf(study: Study, trial: Trial, layout: Layout): string[] {
  const histories = historyOf(trial.measurements);
  const names = metricNames(histories);
  const showsExecution = trial.executions > 1;
  const total = histories.reduce((sum, { learningRate }) => sum + learningRate.length, 0);
  if (total === 0) return [];
  const rows = histories.flatMap((history) =>
    evenly(history.learningRate.length, EPOCHS_SHOWN_MAX).map((epoch): Cell[] => [
      ...(showsExecution ? [String(history.execution + 1)] : []),
      String(epoch + 1),
      ...names.map((name) => numberOrDash(history.metrics[name]?.[epoch])),
      numberOrDash(history.learningRate[epoch]),
      numberOrDash(history.seconds[epoch]),
    ]),
  );
  const others = names.filter((name) => name !== study.objectiveMetric);
  const columns = [
    ...(showsExecution ? [{ title: "EXECUTION" }] : []),
    { title: "EPOCH" },
    ...names.map((title) => ({
      title,
      ...(title === study.objectiveMetric ? {} : { leftOut: 3 + others.length - others.indexOf(title) }),
    })),
    { title: "LEARNING RATE", leftOut: 2 },
    { title: "SECONDS", leftOut: 1 },
  ];
  const hint = `${rows.length} of ${total} epochs; all of them: sintonia show ${study.id} ${trial.id} --csv epochs`;
  return ["", ...tableLines(columns, rows, layout), ...(rows.length < total ? wrapped(hint, layout.columns) : [])];
}

function numberOrDash(value: number | null | undefined): string {
  return value === null || value === undefined ? "-" : numberText(value);
}

/** Returns at most `count` even places from 0 to `length` - 1, both included. */
function evenly(length: number, count: number): number[] {
  if (length <= count) return Array.from({ length }, (_, i) => i);
  return Array.from({ length: count }, (_, i) => Math.round((i * (length - 1)) / (count - 1)));
}
