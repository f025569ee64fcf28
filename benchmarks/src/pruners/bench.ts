// Replays studies from recorded trials under every pruner. Writes docs/pruning/replays.json,
// replays.md and replays.svg after each measurement, and measures only what the JSON lacks.

import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { Command } from "commander";
import { positiveInteger } from "../options/positive-integer.js";
import { replaysChart } from "./page/replays-chart.js";
import { replaysPage } from "./page/replays-page.js";
import { contestants } from "./replay/contestants.js";
import { type Measurement, type Outcome, type PrunerResult, replayAll, resultOf } from "./replay/measure.js";
import { replayPeers } from "./replay/peers.js";
import { isReplayed, type RecordedSet, readSets } from "./replay/recorded-set.js";
import { trueAccuracies } from "./replay/true-accuracy.js";

const COMMAND = "npm run -s bench:pruners";
const TRAINERS = [1, 4];
/** The facts that results which stay have in common with new ones. */
const PLACE = ["set", "trainers", "trials", "recorded"] as const;

interface Options {
  readonly out: string;
  readonly replays: number;
  readonly python?: string;
}

/** Tells whether two results are of studies of the same trials. */
function isSame(a: PrunerResult, b: Pick<PrunerResult, (typeof PLACE)[number]>): boolean {
  return PLACE.every((key) => a[key] === b[key]);
}

/** Measures what is missing of one set and one number of trainers. */
async function measure(
  measurement: Measurement,
  truth: readonly number[],
  { known, python }: { readonly known: readonly PrunerResult[]; readonly python: string | undefined },
): Promise<PrunerResult[]> {
  const { set, trainers, trials } = measurement;
  const pruners = contestants();
  const unpruned = replayAll(measurement, pruners.get("none") as NonNullable<ReturnType<typeof pruners.get>>);
  const result = (pruner: string, outcomes: readonly Outcome[]) =>
    resultOf(measurement, { pruner, outcomes, unpruned, truth });
  const own = [...pruners].map(([name, pruner]) => result(name, replayAll(measurement, pruner)));
  const place = { set: set.name, trainers, trials, recorded: set.trials.length };
  const stored = known.filter((old) => !pruners.has(old.pruner) && isSame(old, place));
  if (stored.length > 0 || python === undefined) return [...own, ...stored];
  return [...own, ...[...(await replayPeers(measurement, python))].map(([name, outcomes]) => result(name, outcomes))];
}

async function write(out: string, results: readonly PrunerResult[], sets: readonly RecordedSet[]): Promise<void> {
  const lines = results.map((result) => `    ${JSON.stringify(result, roundedNumbers)}`).join(",\n");
  writeFileSync(join(out, "replays.json"), `{\n  "command": "${COMMAND}",\n  "results": [\n${lines}\n  ]\n}\n`);
  writeFileSync(join(out, "replays.svg"), await replaysChart(results));
  writeFileSync(join(out, "replays.md"), replaysPage(results, sets));
}

function roundedNumbers(_: string, value: unknown): unknown {
  return typeof value === "number" ? Number(value.toPrecision(5)) : value;
}

async function main(): Promise<void> {
  const { out, replays, python } = new Command("bench:pruners")
    .description("Replays studies from recorded trials under every pruner, in some minutes.")
    .option("--replays <number>", "studies of each set", positiveInteger, 100)
    .option("--python <path>", "interpreter with optuna and ray[tune], to measure the peers too")
    .option("--out <folder>", "output folder", "docs/pruning")
    .parse()
    .opts<Options>();
  mkdirSync(out, { recursive: true });
  const path = join(out, "replays.json");
  const known = existsSync(path) ? (JSON.parse(readFileSync(path, "utf8")) as { results: PrunerResult[] }).results : [];
  const results: PrunerResult[] = [];
  const sets = readSets();
  for (const set of sets.filter(isReplayed)) {
    const truth = trueAccuracies(set);
    for (const trainers of TRAINERS) {
      results.push(...(await measure({ set, trainers, trials: set.budget, replays }, truth, { known, python })));
      await write(out, results, sets);
    }
  }
}

await main();
