import type { ParameterValues } from "@sintonia/tuning/space/parameter";
import { NETWORK_AXES, type NetworkRow, networkKey, readNetworkTable } from "./network-table.js";
import type { FrontProblem } from "./problem.js";

/** Number of validation rows. */
const ROWS = 10_000;
/** Above the error of the best among the smallest networks, and more parameters than any has. */
const REFERENCE = [0.2, 5.5];

/**
 * Returns the problem of the table: the share of wrong validation rows, and the decimal logarithm
 * of the number of parameters, both minimised. The parameters of the problem are indices of
 * `NETWORK_AXES`. The table is read at the first evaluation.
 *
 * @throws {Error} in `evaluate`, if the table lacks a combination
 */
export function networkProblem(): FrontProblem {
  let rows: ReadonlyMap<string, NetworkRow> | undefined;
  return {
    ranges: Object.fromEntries(Object.entries(NETWORK_AXES).map(([name, { length }]) => [name, [0, length - 1]])),
    areWhole: true,
    objectives: 2,
    constraints: 0,
    reference: REFERENCE,
    description: "validation error of real networks on MNIST, and log10 of their parameters; a table",
    evaluate(indices) {
      rows ??= new Map(readNetworkTable().map((row) => [networkKey(row.values), row]));
      const row = rows.get(networkKey(valuesAt(indices)));
      if (row === undefined) throw new Error(`the table lacks ${JSON.stringify(indices)}: npm run bench:front:record`);
      return { objectives: [(ROWS - row.correct) / ROWS, Math.log10(row.parameters)], constraints: [] };
    },
  };
}

function valuesAt(indices: ParameterValues): ParameterValues {
  const entries = Object.entries(NETWORK_AXES).map(([name, values]) => [name, values[indices[name] as number]]);
  return Object.fromEntries(entries);
}
