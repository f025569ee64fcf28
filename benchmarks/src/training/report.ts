import type { GridCell } from "./grid.js";
import type { Measurement, Settings } from "./measurement.js";
import { TRAIN_ROWS, unitsOf, VALIDATION_ROWS } from "./problem.js";

/** An engine that did not start. */
export interface Absence {
  readonly engine: string;
  readonly unavailable: string;
}

/** The document of `--json`. Names end in the unit of their times. */
export function reportJson(settings: Settings, engines: readonly (Measurement | Absence)[]): string {
  const model = unitsOf(settings).join("-");
  const epoch = { trainRows: TRAIN_ROWS, validationRows: VALIDATION_ROWS };
  return `${JSON.stringify({ model, batch: settings.batch, epoch, engines }, null, 2)}\n`;
}

/** Formats the report as a table. */
export function reportTable(settings: Settings, engines: readonly (Measurement | Absence)[]): string {
  const model = unitsOf(settings).join("-");
  const title = `${model}, batch ${settings.batch}, epoch of ${TRAIN_ROWS} rows and ${VALIDATION_ROWS} for validation`;
  const header = [
    "engine",
    "ms per step",
    "fastest",
    "steps",
    "s per epoch",
    "products ms",
    "products / step",
    "start ms",
  ];
  const notes = engines.map((entry) =>
    "unavailable" in entry ? `${entry.engine}: ${entry.unavailable}` : `${entry.engine}: ${entry.description}`,
  );
  return [title, "", ...linesOf([header, ...engines.map(cellsOf)]), "", ...notes, ""].join("\n");
}

function cellsOf(entry: Measurement | Absence): string[] {
  if ("unavailable" in entry) return [entry.engine, "-"];
  return [
    entry.engine,
    entry.msPerStep.median.toFixed(2),
    entry.msPerStep.min.toFixed(2),
    String(entry.steps),
    entry.secondsPerEpoch.toFixed(2),
    entry.msOfProducts?.toFixed(2) ?? "",
    entry.productsOverStep?.toFixed(2) ?? "",
    entry.msToStart.median.toFixed(0),
  ];
}

const GRID_NOTES = [
  "The time of a step is the time of its matrix products and a rest. The rest grows with the number of weights,",
  "which the optimizer updates for any batch size, plus the inputs and units of the batch: gathering rows, activations",
  "and their gradients. Products of small batches and narrow layers are less efficient. The call of the graph takes",
  "about 0.05 ms.",
];

/** Formats the grid as a table. */
export function gridTable(engine: string, cells: readonly GridCell[]): string {
  const header = [
    "batch",
    "units",
    "layers",
    "weights",
    "ms per step",
    "products ms",
    "products / step",
    "products GFLOP/s",
    "rest ns/value",
  ];
  const rows = cells.map((cell) => [
    ...[cell.batch, cell.hidden, cell.layers, cell.weights].map(String),
    cell.msPerStep.toFixed(3),
    cell.msOfProducts?.toFixed(3) ?? "",
    cell.productsOverStep?.toFixed(2) ?? "",
    cell.productsGflops?.toFixed(1) ?? "",
    cell.nsPerValueOfRest?.toFixed(2) ?? "",
  ]);
  return [engine, "", ...linesOf([header, ...rows]), "", ...GRID_NOTES, ""].join("\n");
}

/** Aligns columns. */
function linesOf(rows: readonly (readonly string[])[]): string[] {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  return rows.map((row) =>
    row
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join("  ")
      .trimEnd(),
  );
}
