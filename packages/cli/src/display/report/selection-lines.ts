// How sure the choice of the best trial is, in plain words.

import type { SelectionRule } from "@sintonia/tuning/spec/study-spec";
import type { ResultsDocument } from "../../study/documents/results.js";
import type { SelectionResults } from "../../study/documents/selection-results.js";
import { pythonFloat, significant } from "../format/number.js";

const TIED_SHOWN_MAX = 10;
const DECIMALS_MAX = 15;
/** Half of an interval is at least so many steps of the last decimal. */
const STEPS_MIN = 3;
/** Digits of a number whose error is not known. */
const DIGITS = 5;

const REASONS: Readonly<Record<SelectionRule, string>> = {
  "posterior-mean": "by posterior mean",
  observed: "as the best measured one",
  replicate: "by the mean of new executions",
};

/** Sentences about the choice; none until it is made. */
export function selectionLines({
  study,
  best,
  selection,
}: Pick<ResultsDocument, "study" | "best" | "selection">): string[] {
  // Results of version 0.1 have none.
  if (selection === null || selection === undefined || best === null || best.objective === null) return [];
  const format = formatFor(selection);
  const expected =
    selection.expected === null || selection.interval === null
      ? []
      : [`, ${format(selection.expected)} expected (95 % interval ${selection.interval.map(format).join(" to ")})`];
  const facts = [
    `Trial ${best.id}: ${study.objective.metric} ${format(best.objective)} measured${expected.join("")}`,
    ...tiedText(selection),
    ...optimismText(selection),
  ];
  const note = selection.note === null ? [] : [selection.note];
  return [`Chosen ${REASONS[selection.rule]}.`, `${facts.join("; ")}.`, ...note];
}

function tiedText({ tied, expected }: SelectionResults): string[] {
  if (expected === null) return [];
  if (tied.length === 0) return ["no other trial is statistically tied with it"];
  const shown = tied.slice(0, TIED_SHOWN_MAX).join(", ");
  const more = tied.length > TIED_SHOWN_MAX ? ` and ${tied.length - TIED_SHOWN_MAX} more` : "";
  const count = tied.length === 1 ? "1 trial is" : `${tied.length} trials are`;
  return [`${count} statistically tied with it: ${shown}${more}`];
}

function optimismText(selection: SelectionResults): string[] {
  const { optimism, trial, bestMeasured, candidates } = selection;
  if (optimism === null) return [];
  const what =
    trial === bestMeasured ? `the best of ${candidates}` : `the best measured of ${candidates}, ${bestMeasured},`;
  return [`${what} is ${significant(Math.abs(optimism), 2)} ${optimism < 0 ? "pessimistic" : "optimistic"}`];
}

/** Writes numbers with the decimals that the width of the interval leaves a meaning. */
function formatFor({ interval }: SelectionResults): (value: number) => string {
  const halfWidth = interval === null ? 0 : (interval[1] - interval[0]) / 2;
  const decimals = Math.ceil(-Math.log10(halfWidth / STEPS_MIN));
  if (halfWidth <= 0 || decimals > DECIMALS_MAX) return (value) => significant(value, DIGITS);
  return (value) => (Math.abs(value) < 1e15 ? value.toFixed(Math.max(0, decimals)) : pythonFloat(value));
}
