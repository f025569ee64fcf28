// Measures how long a trainer needs from the end of one trial of own data to the first step of the
// next: a whole local run, by the times of the trainer's log.

import { spawnSync } from "node:child_process";
import { copyFile, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { Command } from "commander";
import { writeCsv } from "./data/csv-file.js";
import { positiveInteger } from "./options/positive-integer.js";

const CLI = fileURLToPath(new URL("../../packages/cli/bin/sintonia.js", import.meta.url));
const WINE = fileURLToPath(new URL("../../packages/data/fixtures/wine.csv", import.meta.url));
const COLUMNS = 30;
/** Time within which the next trial starts, in seconds. */
const LIMIT_SECONDS = 0.3;

interface Options {
  readonly rows: number;
  readonly trials: number;
  readonly json?: true;
}

/** A line of the trainer's log. */
interface LogLine {
  readonly time: string;
  readonly message: string;
  readonly epoch?: number;
  readonly seconds?: number;
}

/** Seconds between trials on one table. */
interface Figures {
  readonly table: string;
  readonly seconds: readonly number[];
}

const specOf = (target: string, classes: number, trials: number): string => `
name: next
dataset: { path: table.csv, target: ${target}, task: classification }
objective: { metric: val_loss, goal: minimize }
budget: { maxTrials: ${trials} }
parameters: { rate: { type: double, min: 0.001, max: 0.01, scale: log } }
model: { layers: [{ units: ${classes}, activation: softmax }] }
training:
  optimizer: { type: adam, learningRate: $rate }
  loss: categorical_crossentropy
  batchSize: 1024
  maxEpochs: 1
`;

function commandLine(): Command {
  return new Command("bench:next-trial")
    .description("Measures the time from one trial's end to the next one's first step; needs nats-server.")
    .option("--rows <n>", `rows of the larger table, with ${COLUMNS} columns`, positiveInteger, 1_000_000)
    .option("--trials <n>", "trials on each table", positiveInteger, 6)
    .option("--json", "print one JSON document");
}

async function measure(table: string, spec: string, write: (path: string) => Promise<void>): Promise<Figures> {
  const folder = await mkdtemp(join(tmpdir(), "sintonia-bench-"));
  try {
    await write(join(folder, "table.csv"));
    await writeFile(join(folder, "spec.yaml"), spec);
    const words = ["run", "spec.yaml", "--trainers", "1", "--dir", "run", "--json", "--verbose"];
    const env = { ...process.env, SINTONIA_CACHE_DIR: join(folder, "cache") };
    const { status, stderr } = spawnSync(process.execPath, [CLI, ...words], { cwd: folder, encoding: "utf8", env });
    if (status !== 0) throw new Error(`sintonia run failed: ${stderr}`);
    const log = await readFile(join(folder, "run", "logs", "trainer-1.log"), "utf8");
    return {
      table,
      seconds: gapsOf(
        log
          .trimEnd()
          .split("\n")
          .map((line) => JSON.parse(line) as LogLine),
      ),
    };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** An epoch's line says how long the epoch took, so that its first step began that much earlier. */
function gapsOf(lines: readonly LogLine[]): readonly number[] {
  const gaps: number[] = [];
  let endedMs: number | undefined;
  for (const { time, message, epoch, seconds = 0 } of lines) {
    const ms = Date.parse(time);
    if (message === "attempt ended") endedMs = ms;
    if (message !== "epoch trained" || epoch !== 0 || endedMs === undefined) continue;
    gaps.push((ms - endedMs) / 1000 - seconds);
    endedMs = undefined;
  }
  return gaps;
}

function lineOf({ table, seconds }: Figures): string {
  const sorted = seconds.toSorted((one, other) => one - other);
  const [median, most] = [sorted[Math.floor(sorted.length / 2)] ?? 0, sorted.at(-1) ?? 0];
  const share = (most / LIMIT_SECONDS).toFixed(2);
  return `${table}: ${median.toFixed(3)} s, at most ${most.toFixed(3)} s (${share} of the limit)`;
}

const { rows, trials, json } = commandLine().parse().opts<Options>();
const figures = [
  await measure("wine", specOf("target", 3, trials), (path) => copyFile(WINE, path)),
  await measure(`${rows} x ${COLUMNS}`, specOf("y", 2, trials), (path) =>
    writeCsv(path, { rows, columns: COLUMNS + 1, digits: 4 }),
  ),
];
process.stdout.write(`${json ? JSON.stringify(figures) : figures.map(lineOf).join("\n")}\n`);
