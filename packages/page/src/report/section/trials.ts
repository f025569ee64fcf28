// The table of all trials.

import { type Trial, TrialState } from "@sintonia/proto/sintonia/v1/study";
import { furtherNames } from "../../plot/front/outcomes.js";
import type { Section } from "../content/block.js";
import { columnDigits } from "../content/numbers.js";
import { type SectionContext, valueText, wordOf } from "./context.js";

/** Writes the section "Trials". The selected trial has an asterisk. */
export function trialsSection(context: SectionContext): Section {
  const { words, trials, spec } = context;
  const { columns } = words;
  const names = Object.keys(spec.parameters);
  const further = furtherNames(context.study);
  const hasExecutions = trials.some(({ executionDeviation }) => executionDeviation !== undefined);
  const deviation = hasExecutions ? [columns.deviation] : [];
  const header = [
    columns.trial,
    ...names,
    spec.objective.metric,
    ...deviation,
    ...further,
    columns.epochs,
    columns.duration,
    columns.state,
  ];
  const digits = columnDigits(trials.flatMap(({ objective }) => (objective === undefined ? [] : [objective])));
  const rows = trials.map((trial) => trialRow(context, trial, { names, digits, hasExecutions, further }));
  const figures = Array.from({ length: header.length - 2 }, (_, index) => index + 1);
  return { id: "trials", title: words.titles.trials, blocks: [{ kind: "table", header, rows, figures }] };
}

interface RowForm {
  readonly names: readonly string[];
  readonly digits: number;
  readonly hasExecutions: boolean;
  /** Names of the outcomes beside the objective. */
  readonly further: readonly string[];
}

function trialRow(context: SectionContext, trial: Trial, form: RowForm): string[] {
  const { numbers, words, study } = context;
  const { names, digits, hasExecutions, further } = form;
  const figure = (value: number | undefined): string => (value === undefined ? "" : numbers.number(value, digits));
  const values = names.map((name) => {
    const value = trial.values[name]?.kind?.value;
    return value === undefined ? "" : valueText(context, value);
  });
  return [
    trial.id === study.bestTrialId ? `${trial.id} *` : trial.id,
    ...values,
    figure(trial.objective),
    ...(hasExecutions ? [figure(trial.executionDeviation)] : []),
    ...further.map((name) => numberOrNothing(context, trial.outcomes[name])),
    numbers.number(trial.epochs),
    durationText(context, trial),
    wordOf(words, TrialState, trial.state),
  ];
}

function numberOrNothing({ numbers }: SectionContext, value: number | undefined): string {
  return value === undefined ? "" : numbers.number(value);
}

function durationText({ numbers }: SectionContext, { startedAt, endedAt }: Trial): string {
  if (startedAt === undefined || endedAt === undefined) return "";
  return numbers.duration((endedAt.getTime() - startedAt.getTime()) / 1000);
}
