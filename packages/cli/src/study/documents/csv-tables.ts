// The results of a study as two tables. A column has the name of its path in the JSON document, so
// that a parameter called "state" is no second column of this name.

import { type CsvField, csvRecord } from "./csv.js";
import { type ExecutionHistory, metricNames } from "./history.js";
import type { ResultsDocument } from "./results.js";
import { parameterNames, type TrialResults } from "./trial-results.js";

/** The names of the tables. */
export const CSV_TABLES = ["trials", "epochs"] as const;

/** The name of a table. */
export type CsvTable = (typeof CSV_TABLES)[number];

const TRIAL_COLUMNS = {
  trial: ({ id }) => id,
  state: ({ state }) => state,
  objective: ({ objective }) => objective,
  deviation: ({ deviation }) => deviation,
  epochs: ({ epochs }) => epochs,
  seconds: ({ seconds }) => seconds,
  startedAt: ({ startedAt }) => startedAt,
  endedAt: ({ endedAt }) => endedAt,
  attempt: ({ attempt }) => attempt,
  trainer: ({ trainer }) => trainer,
  "replicates.trial": ({ replicates }) => replicates?.trial,
  message: ({ message }) => message,
} satisfies Readonly<Record<string, (trial: TrialResults) => CsvField>>;

/** Yields the records of a table, the header first. */
export function csvRecords(table: CsvTable, results: Pick<ResultsDocument, "study" | "trials">): Generator<string> {
  return table === "trials" ? trialRecords(results) : epochRecords(results.trials);
}

/** Yields one record for each trial: state, objective and times, then outcomes and values. */
function* trialRecords({ study, trials }: Pick<ResultsDocument, "study" | "trials">): Generator<string> {
  const columns: [string, (trial: TrialResults) => CsvField][] = Object.entries(TRIAL_COLUMNS);
  const names = parameterNames(study.spec);
  const outcomes = [...new Set(trials.flatMap((trial) => Object.keys(trial.outcomes ?? {})))];
  yield csvRecord([
    ...columns.map(([name]) => name),
    ...outcomes.map((name) => `outcomes.${name}`),
    ...names.map((name) => `values.${name}`),
  ]);
  for (const trial of trials) {
    const values = names.map((name) => (Object.hasOwn(trial.values, name) ? trial.values[name] : null));
    const measured = outcomes.map((name) => trial.outcomes?.[name]);
    yield csvRecord([...columns.map(([, fieldOf]) => fieldOf(trial)), ...measured, ...values]);
  }
}

/** Yields one record for each epoch of each execution of each trial, with every metric. */
function* epochRecords(trials: readonly TrialResults[]): Generator<string> {
  const names = metricNames(trials.flatMap(({ history }) => history));
  const fixed = ["trial", "attempt", "execution", "epoch", "learningRate", "seconds"];
  yield csvRecord([...fixed, ...names.map((name) => `metrics.${name}`)]);
  for (const { id, attempt, history } of trials)
    for (const execution of history) yield* executionRecords([id, attempt], execution, names);
}

function* executionRecords(
  start: readonly CsvField[],
  { execution, metrics, learningRate, seconds }: ExecutionHistory,
  names: readonly string[],
): Generator<string> {
  for (const [epoch, rate] of learningRate.entries()) {
    const values = names.map((name) => metrics[name]?.[epoch]);
    yield csvRecord([...start, execution, epoch, rate, seconds[epoch], ...values]);
  }
}
