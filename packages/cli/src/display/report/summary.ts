import type { Goal } from "@sintonia/tuning/objective/goal";
import type { PublishedFigures, StudySpec } from "@sintonia/tuning/spec/study-spec";
import type { ResultsDocument, TrialResults } from "../../study/documents/results.js";
import { shortDuration } from "../format/duration.js";
import { formatValue, grouped, percent, pythonFloat, significant } from "../format/number.js";
import { tableLines } from "../format/table.js";
import { executionLines } from "./executions-table.js";
import { selectionLines } from "./selection-lines.js";

/** KerasTuner's words for the goals. */
const DIRECTIONS: Readonly<Record<Goal, string>> = { maximize: "max", minimize: "min" };

/**
 * Returns the summary of a study that has ended: KerasTuner's results summary, the choice of the
 * best trial, the test split beside the published figures, the trials that did not complete, and
 * the time.
 *
 * @param directory - location of the results, printed in the summary
 */
export function summaryLines(results: ResultsDocument, directory: string): string[] {
  return [
    ...kerasSummary(results, directory),
    ...executionLines(results),
    ...separated(selectionLines(results)),
    ...testLines(results),
    ...notCompletedLines(results.trials),
    ...timeLines(results),
  ];
}

function kerasSummary({ study, best }: ResultsDocument, directory: string): string[] {
  const lines = [
    "",
    "Results summary",
    `Results in ${directory}`,
    "Showing 1 best trials",
    `Objective(name="${study.objective.metric}", direction="${DIRECTIONS[study.objective.goal]}")`,
  ];
  if (best === null) return [...lines, "", "No trial has completed."];
  const values = Object.entries(best.values).map(([name, value]) => `${name}: ${formatValue(value)}`);
  const score = best.objective === null ? "None" : pythonFloat(best.objective);
  return [...lines, "", `Trial ${best.id} summary`, "Hyperparameters:", ...values, `Score: ${score}`];
}

function separated(lines: readonly string[]): string[] {
  return lines.length === 0 ? [] : ["", ...lines];
}

function testLines({ study, best, test }: ResultsDocument): string[] {
  if (test === null) return [];
  const published = publishedOf(study.spec);
  const [low, high] = test.interval;
  const rows = [
    row("test loss", significant(test.loss, 4), published?.testLoss, (loss) => significant(loss, 4)),
    row(
      "test accuracy",
      `${percent(test.accuracy)}, 95 % interval ${percent(low)} to ${percent(high)}`,
      published?.testAccuracy,
      percent,
    ),
  ];
  if (study.objective.metric === "val_accuracy" && best !== null && best.objective !== null) {
    rows.push(row("val_accuracy", percent(best.objective), published?.valAccuracy, percent));
  }
  const title = `Test split (${grouped(test.examples)} examples), best model:`;
  const header = ["", "here", published === undefined ? "" : "published"];
  return ["", title, ...tableLines(header, rows), ...sourceLine(published)];
}

function row(name: string, here: string, published: number | undefined, format: (value: number) => string): string[] {
  return [name, here, published === undefined ? "" : format(published)];
}

function sourceLine(published: PublishedFigures | undefined): string[] {
  return published?.source === undefined ? [] : [`Published figures: ${published.source}`];
}

function publishedOf(spec: unknown): PublishedFigures | undefined {
  return (spec as StudySpec | null)?.published;
}

function notCompletedLines(trials: readonly TrialResults[]): string[] {
  const others = trials.filter((trial) => trial.state !== "completed");
  if (others.length === 0) return [];
  return [
    "",
    ...others.map(({ id, state, message }) => `Trial ${id} ${state}${message === null ? "" : `: ${message}`}`),
  ];
}

function timeLines({ trials, wallSeconds }: ResultsDocument): string[] {
  const sum = trials.reduce((total, trial) => total + (trial.seconds ?? 0), 0);
  if (wallSeconds === null || wallSeconds <= 0 || sum === 0) return [];
  const took = `The study took ${shortDuration(wallSeconds)}; its trials took ${shortDuration(sum)} in total`;
  const ratio = sum / wallSeconds;
  // A ratio below 1 means pauses, for example between an interruption and the resumption, and not
  // slow trainers.
  if (ratio < 1) return ["", `${took}.`];
  return ["", `${took}, ${ratio.toFixed(2)} trials at a time on average.`];
}
