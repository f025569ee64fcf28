// The choice of the best trial and its uncertainty, in sentences.

import type { SelectionResults } from "../../study/documents/choice/selection-results.js";
import type { ResultsDocument } from "../../study/documents/results.js";
import type { TrialResults } from "../../study/documents/trial-results.js";
import { numberText } from "../../study/number-text.js";

/** Greatest number of tied trials that the text lists. */
const TIED_SHOWN_MAX = 10;
/** Greatest number of decimals; a narrower interval switches to significant digits. */
const DECIMALS_MAX = 15;
/** Smallest half width of an interval, in units of the last printed decimal. */
const STEPS_MIN = 3;

const RULES: Readonly<Record<SelectionResults["rule"], string>> = {
  "posterior-mean": "the best posterior mean",
  observed: "the best measured objective",
  replicate: "the best mean of new executions",
  knee: "nearest to the best of all objectives on the front",
  weights: "the best weighted objectives on the front",
};

/**
 * Returns sentences about the choice of the best trial and its uncertainty; none before the choice.
 */
export function selectionLines({
  study,
  best,
  selection,
}: Pick<ResultsDocument, "study" | "best" | "selection">): string[] {
  // The results of version 0.1 contain no selection.
  if (selection === null || selection === undefined || best === null || best.objective === null) return [];
  const format = formatFor(selection);
  const expected =
    selection.expected === null || selection.interval === null
      ? ""
      : `, ${format(selection.expected)} expected (95 % interval ${selection.interval.map(format).join(" to ")})`;
  return [
    `Selected trial ${best.id}: ${RULES[selection.rule]}.`,
    ...(isPicked(selection)
      ? []
      : [
          `Trial ${best.id}: ${study.objective.metric} ${measuredText(best)}${expected}.`,
          ...tiedText(selection),
          ...bestMeasuredText(selection),
        ]),
    ...(selection.note === null ? [] : [selection.note]),
  ];
}

/** Tells whether the trial was picked from a front, whose table has the figures. */
function isPicked({ rule }: SelectionResults): boolean {
  return rule === "knee" || rule === "weights";
}

function measuredText({ objective, executions = [] }: TrialResults): string {
  const mean = executions.length > 1 ? ` (mean of ${executions.length} executions)` : "";
  return `${objective === null ? "-" : numberText(objective)} measured${mean}`;
}

function tiedText({ trial, tied, expected }: SelectionResults): string[] {
  if (expected === null) return [];
  if (tied.length === 0) return [`No other trial is statistically tied with trial ${trial}.`];
  const shown = tied.slice(0, TIED_SHOWN_MAX).join(", ");
  const more = tied.length > TIED_SHOWN_MAX ? ` and ${tied.length - TIED_SHOWN_MAX} more` : "";
  const count = tied.length === 1 ? "1 trial is" : `${tied.length} trials are`;
  return [`${count} statistically tied with trial ${trial}: ${shown}${more}.`];
}

/** @param selection - documents of earlier versions lack `notBestMeasured` */
function bestMeasuredText({ notBestMeasured, optimism, bestMeasured, candidates }: SelectionResults): string[] {
  if (notBestMeasured) return [notBestMeasured];
  if (optimism === null) return [];
  const difference = `${numberText(Math.abs(optimism), 2)} ${optimism < 0 ? "worse" : "better"} than expected`;
  return [`Trial ${bestMeasured} is the best measured of ${candidates} trials: ${difference}.`];
}

/** Returns a formatter whose number of decimals fits the width of the 95 % interval. */
function formatFor({ interval }: SelectionResults): (value: number) => string {
  const halfWidth = interval === null ? 0 : (interval[1] - interval[0]) / 2;
  const decimals = Math.ceil(-Math.log10(halfWidth / STEPS_MIN));
  if (halfWidth <= 0 || decimals > DECIMALS_MAX) return (value) => numberText(value);
  return (value) => (Math.abs(value) < 1e15 ? fixedText(value, Math.max(0, decimals)) : numberText(value));
}

/** Formats a number with decimals. A number that rounds to 0 has no sign. */
function fixedText(value: number, decimals: number): string {
  return value.toFixed(decimals).replace(/^-(?=[0.]+$)/, "");
}
