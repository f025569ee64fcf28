// Runs many trials one after another in one training process. Compares its memory and file
// descriptors after the fifth trial and at the end.

import { mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { TrainingPlan } from "@sintonia/tuning/plan/training-plan";
import { Command, InvalidArgumentError } from "commander";
import { type Resources, resourcesOf } from "./soak/child-resources.js";
import { Trainer } from "./soak/trainer.js";
import { planOf } from "./training/problem.js";

/**
 * Hidden units of successive trials. The list repeats after five trials, so that the fifth and the
 * last trial are equal.
 */
const WIDTHS = [64, 1024, 256, 800, 512];
const WARM_UP_TRIALS = WIDTHS.length;
const EPOCHS = 2;
const TRAIN_ROWS = 2_000;
const VALIDATION_ROWS = 500;
/** Upper limit of the memory growth from the fifth to the last trial, as a ratio. */
const RATIO_MAX = 1.1;

interface Options {
  readonly trials: number;
  readonly json?: true;
}

interface Sample extends Resources {
  readonly trial: number;
  readonly hidden: number;
  readonly seconds: number;
}

function commandLine(): Command {
  return new Command("bench:soak")
    .description("Trains many trials on MNIST rows in one training process and measures its memory and files.")
    .option("--trials <n>", "number of trials: a multiple of five, at least ten", trialCount, 50)
    .option("--json", "print one JSON document");
}

function trialCount(text: string): number {
  const value = Number(text);
  if (Number.isInteger(value) && value >= 2 * WARM_UP_TRIALS && value % WARM_UP_TRIALS === 0) return value;
  throw new InvalidArgumentError("expected a multiple of five of at least ten");
}

function planFor(hidden: number, seed: number): TrainingPlan {
  const plan = planOf({ batch: 64, hidden, layers: 2 });
  const split = { train: [0, TRAIN_ROWS], validation: [50_000, 50_000 + VALIDATION_ROWS] } as const;
  return {
    ...plan,
    dataset: { name: "mnist", split },
    training: { ...plan.training, maxEpochs: EPOCHS },
    seeds: [seed],
  };
}

async function soak(trials: number, cacheDir: string): Promise<Sample[]> {
  const trainer = await Trainer.start({ cacheDir });
  const samples: Sample[] = [];
  try {
    for (let trial = 1; trial <= trials; trial++) {
      const hidden = WIDTHS[(trial - 1) % WIDTHS.length] as number;
      const startMs = performance.now();
      await trainer.train(planFor(hidden, trial), trial);
      const seconds = (performance.now() - startMs) / 1000;
      samples.push({ trial, hidden, seconds, ...(await resourcesOf(trainer.pid)) });
    }
  } finally {
    await trainer.close();
  }
  return samples;
}

function summaryOf(samples: readonly Sample[], filesLeft: number) {
  const fifth = samples[WARM_UP_TRIALS - 1] as Sample;
  const last = samples.at(-1) as Sample;
  const ratio = last.residentBytes / fifth.residentBytes;
  return { ratio, ratioMax: RATIO_MAX, isWithin: ratio <= RATIO_MAX, fifth, last, filesLeft, samples };
}

function table({ ratio, fifth, last, filesLeft, samples }: ReturnType<typeof summaryOf>): string {
  const megabytes = (bytes: number) => `${(bytes / 2 ** 20).toFixed(1).padStart(8)} MiB`;
  const line = ({ trial, hidden, seconds, residentBytes, threads, openFiles, children }: Sample) =>
    `${String(trial).padStart(5)} ${String(hidden).padStart(6)} ${seconds.toFixed(2).padStart(7)} s ` +
    `${megabytes(residentBytes)} ${threads} threads, ${openFiles} files, ${children} children`;
  const memory = `memory after the fifth${megabytes(fifth.residentBytes)}, at the end${megabytes(last.residentBytes)}`;
  return [
    "trial hidden",
    ...samples.map(line),
    `${memory}, ratio ${ratio.toFixed(3)}`,
    `files in its folder at the end: ${filesLeft}`,
  ].join("\n");
}

const { trials, json } = commandLine().parse().opts<Options>();
const cacheDir = await mkdtemp(join(tmpdir(), "sintonia-soak-"));
try {
  const samples = await soak(trials, cacheDir);
  const summary = summaryOf(samples, (await readdir(cacheDir, { recursive: true })).length);
  process.stdout.write(`${json ? JSON.stringify(summary, undefined, 2) : table(summary)}\n`);
  if (!summary.isWithin) process.exitCode = 1;
} finally {
  await rm(cacheDir, { recursive: true });
}
