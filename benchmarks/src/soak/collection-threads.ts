// Compares the times of one-thread trainers side by side: V8 collects garbage with further threads,
// which is its default, or without them, which is the default of a trainer.

import { mkdtemp, rm } from "node:fs/promises";
import { availableParallelism, tmpdir } from "node:os";
import { join } from "node:path";
import { upperMedian } from "@sintonia/tuning/numeric/vector";
import type { TrainingPlan } from "@sintonia/tuning/plan/training-plan";
import { Command } from "commander";
import { positiveInteger } from "../options/positive-integer.js";
import { planOf, type Size, TRAIN_ROWS, VALIDATION_ROWS } from "../training/problem.js";
import { Trainer } from "./trainer.js";

interface Options extends Size {
  readonly rounds: number;
  readonly epochs: number;
  readonly trainers: number;
  readonly json?: true;
}

/** Seconds of one run of each side. */
interface Round {
  readonly withThreads: number;
  readonly without: number;
}

/** Returns a training on MNIST; by default the lab sheet's model. */
function planFor(size: Size, maxEpochs: number): TrainingPlan {
  const plan = planOf(size);
  const split = { train: [0, TRAIN_ROWS], validation: [TRAIN_ROWS, TRAIN_ROWS + VALIDATION_ROWS] } as const;
  return { ...plan, dataset: { name: "mnist", split }, training: { ...plan.training, maxEpochs } };
}

/** Returns the seconds until all trainers have trained a trial, after a trial of one epoch. */
async function secondsOf(options: Options, cacheDir: string, nodeOptions?: readonly string[]) {
  const { trainers, epochs } = options;
  const start = () => Trainer.start({ cacheDir, ...(nodeOptions && { nodeOptions }) });
  const started = await Promise.all(Array.from({ length: trainers }, start));
  await Promise.all(started.map((trainer) => trainer.train(planFor(options, 1), 1)));
  const startMs = performance.now();
  await Promise.all(started.map((trainer) => trainer.train(planFor(options, epochs), 2)));
  const seconds = (performance.now() - startMs) / 1000;
  await Promise.all(started.map((trainer) => trainer.close()));
  return seconds;
}

function ratioOf(rounds: readonly Round[]): number {
  return upperMedian(rounds.map(({ withThreads, without }) => withThreads / without)) as number;
}

function table(rounds: readonly Round[]): string {
  const lines = rounds.map(({ withThreads, without }) => {
    const seconds = `with threads ${withThreads.toFixed(1)} s, without ${without.toFixed(1)} s`;
    return `${seconds}: ${(withThreads / without).toFixed(2)} times as many epochs`;
  });
  return [...lines, `median ratio ${ratioOf(rounds).toFixed(2)}`].join("\n");
}

async function main(): Promise<void> {
  const command = new Command("bench:collection-threads")
    .description("Compares the times of trainers side by side with and without V8's garbage collection threads.")
    .option("--rounds <n>", "runs of each side, in turns", positiveInteger, 5)
    .option("--epochs <n>", "epochs of a timed trial", positiveInteger, 5)
    .option("--batch <n>", "rows of a batch", positiveInteger, 256)
    .option("--hidden <n>", "units of a hidden layer", positiveInteger, 800)
    .option("--layers <n>", "hidden layers", positiveInteger, 1)
    .option("--trainers <n>", "one-thread trainers side by side", positiveInteger, availableParallelism())
    .option("--json", "print one JSON document")
    .parse();
  const options = command.opts<Options>();
  const cacheDir = await mkdtemp(join(tmpdir(), "sintonia-collection-"));
  const rounds: Round[] = [];
  try {
    for (let round = 0; round < options.rounds; round++) {
      const withThreads = await secondsOf(options, cacheDir, []);
      rounds.push({ withThreads, without: await secondsOf(options, cacheDir) });
    }
  } finally {
    await rm(cacheDir, { recursive: true });
  }
  const report = { ratio: ratioOf(rounds), rounds };
  process.stdout.write(`${options.json ? JSON.stringify(report, null, 2) : table(rounds)}\n`);
}

await main();
