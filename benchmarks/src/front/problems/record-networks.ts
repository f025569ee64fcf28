// Trains the networks of the table that it lacks. An interrupted recording goes on where it was.

import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { openDataSet } from "@sintonia/training/dataset/data-set";
import { startEngine } from "@sintonia/training/engine/engines";
import type { ParameterValues } from "@sintonia/tuning/space/parameter";
import { parseStudySpec } from "@sintonia/tuning/spec/check/parse";
import type { NetworkStudy } from "@sintonia/tuning/spec/study-spec";
import { formatProblems } from "@sintonia/tuning/validation/problems";
import { Command } from "commander";
import { recordTrial } from "../../curves/record-trial.js";
import { appendNetworkRow, NETWORK_TABLE, networkGrid, networkKey, readNetworkTable } from "./network-table.js";

const SPEC = fileURLToPath(new URL("../../../front/mnist-network.yaml", import.meta.url));
/** Pixels of an image, and digits. */
const [INPUTS, OUTPUTS] = [784, 10];

function readStudy(): NetworkStudy {
  const result = parseStudySpec(readFileSync(SPEC, "utf8"));
  if (!result.ok) throw new Error(formatProblems(result.problems));
  return result.spec as NetworkStudy;
}

/** Returns the number of weights and biases of equal hidden layers. */
function parametersOf({ hiddenLayers, units }: ParameterValues): number {
  const [layers, width] = [hiddenLayers as number, units as number];
  return (INPUTS + 1) * width + (layers - 1) * (width + 1) * width + (width + 1) * OUTPUTS;
}

async function record(path: string): Promise<void> {
  const spec = readStudy();
  const engine = await startEngine("onnx");
  const dataSet = await openDataSet("mnist", { cacheDir: "", allowDownload: false });
  const known = new Set(readNetworkTable(path).map(({ values }) => networkKey(values)));
  for (const [trial, values] of networkGrid().entries()) {
    if (known.has(networkKey(values))) continue;
    const { counts } = await recordTrial({ spec, values, trial }, { engine, dataSet });
    const row = { values, parameters: parametersOf(values), correct: Math.max(...counts) };
    appendNetworkRow(row, path);
    process.stdout.write(`${trial}: ${JSON.stringify(row)}\n`);
  }
}

const { out } = new Command("bench:front:record")
  .description("Trains the networks of benchmarks/front/mnist-network.yaml that its table lacks.")
  .option("--out <file>", "the table", NETWORK_TABLE)
  .parse()
  .opts<{ out: string }>();
await record(out);
