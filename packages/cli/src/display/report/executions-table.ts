import { meanOf, varianceOf } from "@sintonia/tuning/selection/mean-interval";
import type { ResultsDocument, TrialResults } from "../../study/documents/results.js";
import { significant } from "../format/number.js";
import { tableLines } from "../format/table.js";

/** Significant digits of an objective. An accuracy over 10,000 examples has four. */
const DIGITS = 6;

/**
 * Returns a table of single executions: those of the best trial, and the replicates of each trial.
 * Returns no lines if every trial was executed once.
 */
export function executionLines({ study, trials, best }: ResultsDocument): string[] {
  const repeated =
    best !== null && (best.executions ?? []).length > 1 ? [row(`trial ${best.id}`, best.executions)] : [];
  const rows = [
    ...repeated,
    ...replicatedIds(trials).map((id) => row(`replicates of trial ${id}`, replicateObjectives(trials, id))),
  ];
  if (rows.length === 0) return [];
  return ["", `Executions (${study.objective.metric}):`, ...tableLines(["", "mean", "deviation", "each"], rows)];
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
  const mean = objectives.length === 0 ? "-" : significant(meanOf(objectives), DIGITS);
  const deviation = objectives.length < 2 ? "-" : significant(Math.sqrt(varianceOf(objectives)), 3);
  return [name, mean, deviation, objectives.map((objective) => significant(objective, DIGITS)).join(", ")];
}
