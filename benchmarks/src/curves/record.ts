// Records learning curves of real trials, from which bench:pruners replays studies. Goes on after
// the last recorded trial, so that several runs fill a file.

import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { openDataSet } from "@sintonia/training/dataset/data-set";
import { startEngine } from "@sintonia/training/engine/engines";
import type { DataSetName } from "@sintonia/tuning/plan/training-plan";
import { Command } from "commander";
import { positiveInteger } from "../options/positive-integer.js";
import { appendCurve, CURVES_FOLDER, readCurves } from "./curve-file.js";
import { nextValues } from "./next-values.js";
import { publishedStudy } from "./published-study.js";
import { recordTrial } from "./record-trial.js";

interface Options {
  readonly trials: number;
  readonly out: string;
}

async function record(name: string, { trials, out }: Options): Promise<void> {
  const spec = publishedStudy(name);
  const path = join(out, `${name}.ndjson`);
  mkdirSync(out, { recursive: true });
  const dataSetName = (spec.dataset as { name: DataSetName }).name;
  const engine = await startEngine("onnx");
  const dataSet = await openDataSet(dataSetName, { cacheDir: "", allowDownload: false });
  const recorded = readCurves(path);
  for (let added = 0; added < trials; added++) {
    const values = nextValues(
      spec,
      recorded.map((trial) => trial.values),
    );
    const trial = await recordTrial({ spec, values, trial: recorded.length }, { engine, dataSet });
    appendCurve(path, trial);
    recorded.push(trial);
    process.stdout.write(`${name} ${trial.trial}: ${trial.counts.length} epochs, test ${trial.test}\n`);
  }
}

async function main(): Promise<void> {
  const command = new Command("bench:curves:record")
    .description("Trains further trials of a published experiment and appends their learning curves to a file.")
    .argument("<name>", "experiment, for example mnist-init")
    .option("--trials <number>", "number of trials to add", positiveInteger, 1)
    .option("--out <folder>", "output folder", CURVES_FOLDER)
    .parse();
  await record(command.args[0] as string, command.opts<Options>());
}

await main();
