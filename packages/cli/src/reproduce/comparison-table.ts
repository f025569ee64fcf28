// The table of a reproduction, as text and as Markdown: two rows for each experiment, ours above
// the published row.

import { shortDuration } from "../display/format/duration.js";
import { sentences } from "../display/format/label.js";
import { type Layout, PLAIN_LAYOUT } from "../display/format/layout.js";
import { tableLines } from "../display/format/table.js";
import { grouped, valueText } from "../study/number-text.js";
import type { Comparison, Environment, ExperimentEntry, ReproductionDocument } from "./document.js";

const COLUMNS = [
  { title: "EXPERIMENT" },
  { title: "" },
  { title: "VAL", leftOut: 5 },
  { title: "TEST" },
  { title: "REFIT", leftOut: 4 },
  { title: "FOUND", leftOut: 3, cutTo: 16 },
  { title: "EPOCHS", leftOut: 1 },
  { title: "TIME", leftOut: 2 },
] as const;
const HEADER = COLUMNS.map(({ title }) => title);
const TITLE = "Published figures beside ours";

/** Returns the table with its notes as lines for a terminal or a log. */
export function comparisonLines(document: ReproductionDocument, layout: Layout = PLAIN_LAYOUT): string[] {
  return ["", TITLE, "", ...tableLines(COLUMNS, rows(document), layout), "", ...sentences(notes(document), layout)];
}

/** Returns the same table and notes as a Markdown document. */
export function comparisonMarkdown(document: ReproductionDocument): string {
  const line = (cells: readonly string[]): string =>
    `| ${cells.map((cell) => cell.replaceAll("|", "\\|")).join(" | ")} |`;
  const header = HEADER.map((name) => name.toLowerCase());
  const rule = `|${HEADER.map(() => " --- |").join("")}`;
  const table = [line(header), rule, ...rows(document).map(line)];
  return [`# ${TITLE}`, "", ...table, ...notes(document).flatMap((note) => ["", note]), ""].join("\n");
}

function rows({ experiments, quick }: ReproductionDocument): string[][] {
  return experiments.flatMap((entry) => [ourRow(entry, quick), publishedRow(entry)]);
}

function ourRow(entry: ExperimentEntry, quick: boolean): string[] {
  const { name, validation, test, refit, found, epochs, wallSeconds, activeSeconds, message } = entry;
  return [
    name,
    quick ? "here, quick" : "here",
    measured(validation),
    measured(test),
    measured(refit),
    found === null ? (message ?? "nothing") : valuesText(found),
    grouped(epochs),
    shortDuration(activeSeconds ?? wallSeconds),
  ];
}

function publishedRow({ validation, test, refit, publishedValues }: ExperimentEntry): string[] {
  return [
    "",
    "published",
    published(validation),
    published(test),
    published(refit),
    publishedValues === null ? "" : valuesText(publishedValues),
    "",
    "",
  ];
}

function measured({ here }: Comparison): string {
  if (here === null) return "-";
  const [accuracy, low, high] = [here.accuracy, ...here.interval].map(twoDecimals);
  return `${accuracy} (${low}-${high})`;
}

/**
 * Formats a published figure with one or two decimals, as the lab sheet does, and its distance from
 * our interval.
 */
function published({ published: figure, outsideBy }: Comparison): string {
  if (figure === null) return "-";
  const text = twoDecimals(figure).replace(/0$/, "");
  if (outsideBy === null || outsideBy === 0) return text;
  return `${text}, ${distance(outsideBy)}`;
}

/**
 * Rounds the distance up to two decimals, so that a figure outside the interval is never 0.00 away.
 */
function distance(points: number): string {
  const rounded = (Math.ceil(Math.abs(points) * 100) / 100).toFixed(2);
  return `${rounded} ${points > 0 ? "above" : "below"}`;
}

function valuesText(values: Readonly<Record<string, number | string | boolean>>): string {
  const entries = Object.entries(values);
  if (entries.length === 0) return "-";
  return entries.map(([name, value]) => `${name} ${valueText(value)}`).join(", ");
}

function twoDecimals(share: number): string {
  return (share * 100).toFixed(2);
}

function notes({ quick, environment }: ReproductionDocument): string[] {
  const warning =
    "Made with --quick: few trials, epochs and rows. Our figures are not comparable with the published ones.";
  return [
    ...(quick ? [warning] : []),
    "Accuracies in %, ours with 95 % Wilson intervals. VAL: of the selected trial. TEST: of its model. " +
      "REFIT: of the model trained again on training and validation rows.",
    ...(quick ? [] : ['"0.10 above": the published figure is 0.10 percentage points above our interval.']),
    "EPOCHS: sum over all trials. TIME: study and refit, without interruptions.",
    environmentText(environment),
  ];
}

function environmentText({ sintonia, engine, trainers, cores, processor, platform, node }: Environment): string {
  const trained = `${trainers} ${trainers === 1 ? "trainer" : "trainers"} with the engine ${engine}`;
  return `Sintonia ${sintonia}, ${trained}, on ${cores} cores of ${processor} (${platform}), Node ${node}.`;
}
