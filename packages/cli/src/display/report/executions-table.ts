import { meanOf, varianceOf } from "@sintonia/tuning/selection/mean-interval";
import type { ResultsDocument } from "../../study/documents/results.js";
import type { TrialResults } from "../../study/documents/trial-results.js";
import { comparedText, numberText } from "../../study/number-text.js";
import { type Layout, PLAIN_LAYOUT } from "../format/layout.js";
import { tableLines } from "../format/table.js";

const COLUMNS = [{ title: "" }, { title: "mean" }, { title: "deviation", leftOut: 1 }, { title: "each", cutTo: 12 }];

/**
 * Returns a table of single executions: those of the best trial, and the replicates of each trial.
 * Returns no lines if every trial was executed once.
 */
export function executionLines({ study, trials, best }: ResultsDocument, layout: Layout = PLAIN_LAYOUT): string[] {
  const repeated =
    best !== null && (best.executions ?? []).length > 1 ? [row(`trial ${best.id}`, best.executions)] : [];
  const rows = [
    ...repeated,
    ...replicatedIds(trials).map((id) => row(`replicates of trial ${id}`, replicateObjectives(trials, id))),
  ];
  if (rows.length === 0) return [];
  return ["", `Executions (${study.objective.metric}):`, ...tableLines(COLUMNS, rows, layout)];
}

function replicatedIds(trials: readonly TrialResults[]): readonly string[] {
  return [...new Set(trials.flatMap(({ replicates }) => (replicates ? [replicates.trial] : [])))];
}

function replicateObjectives(trials: readonly TrialResults[], id: string): readonly number[] {
  return trials.flatMap(({ replicates, objective }) =>
    replicates?.trial === id && objective !== null ? [objective] : [],
  );
}

function row(name: string, objectives: readonly number[]): string[] {
  const mean = objectives.length === 0 ? "-" : numberText(meanOf(objectives));
  const deviation = objectives.length < 2 ? "-" : numberText(Math.sqrt(varianceOf(objectives)), 3);
  return [name, mean, deviation, objectives.map(comparedText(objectives)).join(", ")];
}
