import type { Measurement, Settings } from "./measurement.js";
import { CLASSES, FEATURES, TRAIN_ROWS, VALIDATION_ROWS } from "./problem.js";

/** An engine that did not start here. */
export interface Absence {
  readonly engine: string;
  readonly unavailable: string;
}

/** The document that `--json` prints. Times in the unit of their names. */
export function reportJson(settings: Settings, engines: readonly (Measurement | Absence)[]): string {
  const model = `${FEATURES}-${settings.hidden}-${CLASSES}`;
  const epoch = { trainRows: TRAIN_ROWS, validationRows: VALIDATION_ROWS };
  return `${JSON.stringify({ model, batch: settings.batch, epoch, engines }, null, 2)}\n`;
}

/** The same as a table for people. */
export function reportTable(settings: Settings, engines: readonly (Measurement | Absence)[]): string {
  const title = `${FEATURES}-${settings.hidden}-${CLASSES}, batch ${settings.batch}, epoch of ${TRAIN_ROWS} rows and ${VALIDATION_ROWS} for validation`;
  const header = ["engine", "ms per step", "fastest", "steps", "s per epoch", "products ms", "step / products"];
  const rows = [header, ...engines.map(cellsOf)];
  const widths = header.map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  const lines = rows.map((row) => row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join("  "));
  const notes = engines.map((entry) =>
    "unavailable" in entry ? `${entry.engine}: ${entry.unavailable}` : `${entry.engine}: ${entry.description}`,
  );
  return [title, "", ...lines.map((line) => line.trimEnd()), "", ...notes, ""].join("\n");
}

function cellsOf(entry: Measurement | Absence): string[] {
  if ("unavailable" in entry) return [entry.engine, "-"];
  const { median, min } = entry.msPerStep;
  const products = entry.products;
  return [
    entry.engine,
    median.toFixed(2),
    min.toFixed(2),
    String(entry.steps),
    entry.secondsPerEpoch.toFixed(2),
    products?.msMedian.toFixed(2) ?? "",
    products?.stepOverProducts.toFixed(2) ?? "",
  ];
}
