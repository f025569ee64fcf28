import type { Goal } from "@sintonia/tuning/objective/goal";
import type { PublishedFigures, StudySpec } from "@sintonia/tuning/spec/study-spec";
import { isProgramTest, type ProgramTestResults, type ResultsDocument } from "../../study/documents/results.js";
import type { TrialResults } from "../../study/documents/trial-results.js";
import { grouped, numberText, percent, valueText } from "../../study/number-text.js";
import { shortDuration } from "../format/duration.js";
import { sentences } from "../format/label.js";
import { type Layout, PLAIN_LAYOUT } from "../format/layout.js";
import { tableLines } from "../format/table.js";
import { executionLines } from "./executions-table.js";
import { modelExecution, objectiveText, programFigures, testFigures } from "./figures/measured-figures.js";
import { testReadingLines } from "./figures/test-readings.js";
import { frontLines } from "./front-table.js";
import { selectionLines } from "./selection-lines.js";

/** KerasTuner's words for the goals. */
const DIRECTIONS: Readonly<Record<Goal, string>> = { maximize: "max", minimize: "min" };

/**
 * Returns the summary of a study that has ended: KerasTuner's results summary, the choice of the
 * best trial, the test split beside the published figures, the reason of an early end, the trials
 * that did not complete, and the time.
 *
 * @param directory - location of the results, printed in the summary
 */
export function summaryLines(results: ResultsDocument, directory: string, layout: Layout = PLAIN_LAYOUT): string[] {
  return [
    ...sentences(kerasSummary(results, directory), layout),
    ...executionLines(results, layout),
    ...separated(sentences(selectionLines(results), layout)),
    ...frontLines(results, layout),
    ...testLines(results, layout),
    ...separated(sentences(testReadingLines(results), layout)),
    ...sentences([...earlyEndLines(results), ...notCompletedLines(results), ...timeLines(results)], layout),
  ];
}

function kerasSummary({ study, best }: ResultsDocument, directory: string): string[] {
  const lines = [
    "",
    "Results summary",
    `Results in ${directory}`,
    "Showing 1 best trials",
    ...objectivesOf(study).map(({ metric, goal }) => `Objective(name="${metric}", direction="${DIRECTIONS[goal]}")`),
  ];
  if (best === null) return [...lines, "", "No trial has completed."];
  const values = Object.entries(best.values).map(([name, value]) => `${name}: ${valueText(value)}`);
  const score = best.objective === null ? "None" : objectiveText(best);
  return [...lines, "", `Trial ${best.id} summary`, "Hyperparameters:", ...values, `Score: ${score}`];
}

/** Returns the objectives of a study: several by its spec, or the one. */
function objectivesOf({ objective, spec }: ResultsDocument["study"]): readonly ResultsDocument["study"]["objective"][] {
  const { objectives = [] } = (spec ?? {}) as Partial<StudySpec>;
  return objectives.length === 0 ? [objective] : objectives;
}

function separated(lines: readonly string[]): string[] {
  return lines.length === 0 ? [] : ["", ...lines];
}

function testLines(results: ResultsDocument, layout: Layout): string[] {
  const { study, best, test } = results;
  if (test === null) return [];
  if (isProgramTest(test)) return ["", ...programTestLines(test, best, layout)];
  const model = modelExecution(results);
  const published = publishedOf(study.spec);
  const rows = [
    row("test loss", numberText(test.loss), published?.testLoss, (loss) => numberText(loss)),
    ...testFigures(test).map(({ name, text }) => {
      return row(`test ${name}`, text, name === "accuracy" ? published?.testAccuracy : undefined, percent);
    }),
  ];
  if (study.objective.metric === "val_accuracy" && best !== null && best.objective !== null) {
    const name = model === undefined ? "val_accuracy" : `val_accuracy, mean of ${model.count} executions`;
    if (model !== undefined) rows.push(row("val_accuracy of this model", percent(model.objective), undefined, percent));
    rows.push(row(name, percent(best.objective), published?.valAccuracy, percent));
  }
  const which = model === undefined ? "best model" : `the model of execution ${model.number} of trial ${best?.id}`;
  const title = `Test split (${grouped(test.examples)} examples), ${which}:`;
  const header = [{ title: "" }, { title: "here", cutTo: 8 }, { title: published === undefined ? "" : "published" }];
  const lines = tableLines(header, rows, layout);
  return ["", ...sentences([title], layout), ...lines, ...sentences(sourceLine(published), layout)];
}

function programTestLines(test: ProgramTestResults, best: TrialResults | null, layout: Layout): string[] {
  const rows = programFigures(test).map(({ name, text }) => [name, text]);
  const title = `Test of trial ${best?.id}, once, as its program reported it:`;
  return [...sentences([title], layout), ...tableLines([{ title: "" }, { title: "here", cutTo: 8 }], rows, layout)];
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

/** Returns the reason why a study completed before its budget was spent. */
function earlyEndLines({ study }: ResultsDocument): string[] {
  return study.state !== "completed" || study.message === null ? [] : ["", study.message];
}

/** Largest number of pruned trials that are named one by one. */
const PRUNED_NAMED_MAX = 3;

function notCompletedLines({ study, trials, testRun }: ResultsDocument): string[] {
  const pruned = trials.filter(({ state }) => state === "pruned");
  const isCounted = pruned.length > PRUNED_NAMED_MAX;
  const others = trials.filter(({ state }) => state !== "completed" && !(isCounted && state === "pruned"));
  const lines = [
    ...others.map((trial) => notCompletedLine(`Trial ${trial.id}`, trial)),
    ...(isCounted ? [prunedLine(pruned)] : []),
  ];
  // The message of a completed study has the reason.
  const isTold = testRun === null || testRun.state === "completed" || study.state === "completed";
  const test = isTold ? [] : [notCompletedLine(`The test of trial ${testRun.tests}`, testRun)];
  return lines.length + test.length === 0 ? [] : ["", ...lines, ...test];
}

/** Says after how many epochs the pruner ended how many trials. */
function prunedLine(pruned: readonly TrialResults[]): string {
  const lengths = [...new Set(pruned.map(({ epochs }) => epochs))].sort((a, b) => a - b);
  const counts = lengths.map((length) => {
    const count = pruned.filter(({ epochs }) => epochs === length).length;
    return `${count} after ${length === 1 ? "1 epoch" : `${length} epochs`}`;
  });
  return `${pruned.length} trials were pruned: ${counts.join(", ")}. "sintonia explain" says why.`;
}

function notCompletedLine(name: string, { state, message }: TrialResults): string {
  return `${name} ${state}${message === null ? "" : `: ${message}`}`;
}

function timeLines({ trials, wallSeconds, activeSeconds }: ResultsDocument): string[] {
  const sum = trials.reduce((total, trial) => total + (trial.seconds ?? 0), 0);
  const worked = activeSeconds ?? wallSeconds;
  if (worked === null || worked <= 0 || sum === 0) return [];
  const interrupted = Math.max(0, (wallSeconds ?? worked) - worked);
  const interruptions = interrupted < 1 ? "" : ` and was interrupted for ${shortDuration(interrupted)}`;
  const study = `The study took ${shortDuration(worked)}${interruptions}`;
  const took = `${study}; its trials took ${shortDuration(sum)} in total`;
  const ratio = sum / worked;
  // A ratio below 1 means interruptions that the coordinator does not count, and not slow trainers.
  if (ratio < 1) return ["", `${took}.`];
  return ["", `${took}, ${ratio.toFixed(2)} trials at a time on average.`];
}
