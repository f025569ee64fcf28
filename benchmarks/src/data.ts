import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { Command } from "commander";
import { type CsvContent, writeCsv } from "./data/csv-file.js";
import type { Reading } from "./data/reading.js";
import { positiveInteger } from "./options/positive-integer.js";

interface Options extends CsvContent {
  readonly python: string;
  readonly rounds: number;
  readonly json?: true;
}

interface Report {
  readonly fileBytes: number;
  readonly pandas: readonly Reading[];
  readonly sintonia: readonly Reading[];
  /** Median seconds of ours, divided by those of pandas. */
  readonly ratio: number;
  /** Median processor seconds of ours, divided by those of pandas. */
  readonly cpuRatio: number;
  /** Peak memory of ours, divided by the bytes of the data in float32. */
  readonly memoryRatio: number;
}

const READ_PY = fileURLToPath(new URL("../data/read.py", import.meta.url));
const READ_PROCESS = fileURLToPath(new URL("./data/read-process.js", import.meta.url));
const FLOAT32_BYTES = 4;

function commandLine(): Command {
  return new Command("bench:data")
    .description("Compares the time until a CSV file is ready to train with that of pandas, and the peak memory.")
    .requiredOption("--python <path>", "a Python interpreter with pandas (README of benchmarks/data)")
    .option("--rows <n>", "rows of the file", positiveInteger, 1_000_000)
    .option("--columns <n>", "columns of the file, the target among them", positiveInteger, 30)
    .option("--digits <n>", "significant digits of each number", positiveInteger, 17)
    .option("--rounds <n>", "alternating runs of each side", positiveInteger, 3)
    .option("--json", "print one JSON document")
    .exitOverride((error) => process.exit(error.exitCode === 0 ? 0 : 2));
}

async function compare(options: Options): Promise<Report> {
  const folder = mkdtempSync(join(tmpdir(), "sintonia-bench-data-"));
  try {
    const path = join(folder, "x.csv");
    await writeCsv(path, options);
    const [pandas, sintonia]: [Reading[], Reading[]] = [[], []];
    for (let round = 0; round < options.rounds; round++) {
      pandas.push(read(options.python, [READ_PY, path]));
      sintonia.push(read(process.execPath, [READ_PROCESS, path]));
    }
    const ratio = medianOf(sintonia, "seconds") / medianOf(pandas, "seconds");
    const cpuRatio = medianOf(sintonia, "cpuSeconds") / medianOf(pandas, "cpuSeconds");
    const dataBytes = options.rows * options.columns * FLOAT32_BYTES;
    const memoryRatio = medianOf(sintonia, "peakBytes") / dataBytes;
    return { fileBytes: statSync(path).size, pandas, sintonia, ratio, cpuRatio, memoryRatio };
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function read(program: string, words: readonly string[]): Reading {
  return JSON.parse(execFileSync(program, words, { encoding: "utf8" })) as Reading;
}

function medianOf(readings: readonly Reading[], field: "seconds" | "cpuSeconds" | "peakBytes"): number {
  const sorted = readings.map((reading) => reading[field]).toSorted((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] as number;
}

function table({ fileBytes, pandas, sintonia, ratio, cpuRatio, memoryRatio }: Report): string {
  const lines = pandas.map((reading, round) => {
    const ours = sintonia[round] as Reading;
    return `pandas ${shown(reading)}; sintonia ${shown(ours)}`;
  });
  const file = `${(fileBytes / 1e6).toFixed(0)} MB, ${pandas[0]?.version}, ${sintonia[0]?.version}`;
  const times = `median time ${ratio.toFixed(2)}, processor time ${cpuRatio.toFixed(2)} times that of pandas`;
  const ratios = `${times}, memory ${memoryRatio.toFixed(2)} times float32`;
  return [file, "", ...lines, "", ratios, ""].join("\n");
}

function shown({ seconds, cpuSeconds, peakBytes }: Reading): string {
  return `${seconds.toFixed(2)} s (processor ${cpuSeconds.toFixed(2)} s), ${(peakBytes / 1e6).toFixed(0)} MB`;
}

const options = commandLine().parse().opts<Options>();
const report = await compare(options);
process.stdout.write(options.json ? `${JSON.stringify(report)}\n` : table(report));
