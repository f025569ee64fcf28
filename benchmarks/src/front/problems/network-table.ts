// A table of real trainings: every combination of values in benchmarks/front/mnist-network.yaml,
// trained once.

import { appendFileSync, existsSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import type { ParameterValues } from "@sintonia/tuning/space/parameter";

/** The values of each parameter, in ascending order. A parameter of the problem is an index. */
export const NETWORK_AXES = {
  hiddenLayers: [1, 2, 3],
  units: [4, 6, 8, 12, 16, 24, 32, 48, 64, 96, 128, 192],
  learningRate: [0.0003, 0.001, 0.003, 0.01, 0.03],
  batchSize: [32, 128, 512],
} as const;

/** One training of the table. */
export interface NetworkRow {
  readonly values: ParameterValues;
  /** Number of trainable parameters. */
  readonly parameters: number;
  /** Correct validation rows after the best epoch, of 10,000. */
  readonly correct: number;
}

/** The committed table, one row a line. */
export const NETWORK_TABLE: string = fileURLToPath(new URL("../../../front/mnist-network.ndjson", import.meta.url));

/** Returns all combinations, the last parameter changing fastest. */
export function networkGrid(): ParameterValues[] {
  return Object.entries(NETWORK_AXES).reduce<ParameterValues[]>(
    (grid, [name, values]) => grid.flatMap((row) => values.map((value) => ({ ...row, [name]: value }))),
    [{}],
  );
}

/** Returns the key of a combination. */
export function networkKey(values: ParameterValues): string {
  return Object.keys(NETWORK_AXES)
    .map((name) => values[name])
    .join();
}

/** Reads the rows of the table; none if it is absent. */
export function readNetworkTable(path: string = NETWORK_TABLE): NetworkRow[] {
  if (!existsSync(path)) return [];
  const lines = readFileSync(path, "utf8").split("\n");
  return lines.filter((line) => line !== "").map((line) => JSON.parse(line) as NetworkRow);
}

/** Appends a row. One write of a whole line, so that an interrupted recording can go on. */
export function appendNetworkRow(row: NetworkRow, path: string = NETWORK_TABLE): void {
  appendFileSync(path, `${JSON.stringify(row)}\n`);
}
