import { Command } from "commander";
import { trainWithKeras } from "./keras/keras-run.js";
import { mnist } from "./keras/mnist.js";
import type { EpochTimes, Settings } from "./keras/settings.js";
import { trainWithTrainers } from "./keras/trainer-run.js";
import { positiveInteger } from "./options/positive-integer.js";

const TRAINERS = 2;

interface Options extends Settings {
  readonly python: string;
  readonly rounds: number;
  readonly json?: true;
}

/** One run of Keras and one of our trainers. */
interface Round {
  readonly kerasSecondsPerEpoch: number;
  /** Seconds per epoch of each trainer, while all trainers run. */
  readonly trainerSecondsPerEpoch: readonly number[];
  /** Epochs per second of all trainers together, divided by those of Keras. */
  readonly ratio: number;
}

interface Report {
  readonly keras: string;
  readonly trainer: string;
  readonly rounds: readonly Round[];
  /** Median over the rounds. */
  readonly ratio: number;
  readonly valAccuracy: { readonly keras: number; readonly trainer: number };
}

function commandLine(): Command {
  return new Command("bench:keras")
    .description(
      "Compares epochs a second on MNIST, validation included: two one-thread trainers, and Keras on all cores.",
    )
    .requiredOption(
      "--python <path>",
      "a Python interpreter with keras and tensorflow-cpu (README of benchmarks/keras)",
    )
    .option("--rounds <n>", "alternating runs of each side", positiveInteger, 3)
    .option("--epochs <n>", "timed epochs of a run, after one epoch for warm-up", positiveInteger, 4)
    .option("--batch <n>", "rows of a batch", positiveInteger, 256)
    .option("--json", "print one JSON document")
    .exitOverride((error) => process.exit(error.exitCode === 0 ? 0 : 2));
}

async function compare(options: Options): Promise<Report> {
  const { source } = await mnist();
  const rounds: Round[] = [];
  let [keras, trainers]: [EpochTimes | undefined, EpochTimes[]] = [undefined, []];
  for (let round = 0; round < options.rounds; round++) {
    keras = await trainWithKeras(options, { python: options.python, data: source.folder });
    trainers = await trainWithTrainers(options, TRAINERS);
    rounds.push(roundOf(keras, trainers));
  }
  const ratio = rounds.map((round) => round.ratio).toSorted((a, b) => a - b)[Math.floor(rounds.length / 2)] as number;
  const valAccuracy = { keras: keras?.valAccuracy ?? Number.NaN, trainer: trainers[0]?.valAccuracy ?? Number.NaN };
  return { keras: keras?.version ?? "", trainer: trainers[0]?.version ?? "", rounds, ratio, valAccuracy };
}

function roundOf(keras: EpochTimes, trainers: readonly EpochTimes[]): Round {
  const kerasSecondsPerEpoch = meanOf(keras.epochSeconds);
  const trainerSecondsPerEpoch = trainers.map(({ epochSeconds }) => meanOf(epochSeconds));
  const epochsPerSecond = trainerSecondsPerEpoch.reduce((sum, seconds) => sum + 1 / seconds, 0);
  return { kerasSecondsPerEpoch, trainerSecondsPerEpoch, ratio: epochsPerSecond * kerasSecondsPerEpoch };
}

function meanOf(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

function table({ keras, trainer, rounds, ratio, valAccuracy }: Report): string {
  const lines = rounds.map(({ kerasSecondsPerEpoch, trainerSecondsPerEpoch, ratio }) => {
    const ours = trainerSecondsPerEpoch.map((seconds) => seconds.toFixed(2)).join(" and ");
    const seconds = `Keras ${kerasSecondsPerEpoch.toFixed(2)} s per epoch, ${TRAINERS} trainers ${ours} s`;
    return `${seconds}: ${ratio.toFixed(2)} times as many epochs`;
  });
  const [theirs, own] = [valAccuracy.keras, valAccuracy.trainer].map((value) => value.toFixed(4));
  const accuracy = `val_accuracy at the end: Keras ${theirs}, a trainer ${own}`;
  return [keras, trainer, "", ...lines, "", `median ratio ${ratio.toFixed(2)}`, accuracy, ""].join("\n");
}

const options = commandLine().parse().opts<Options>();
const report = await compare(options);
process.stdout.write(options.json ? `${JSON.stringify(report, null, 2)}\n` : table(report));
