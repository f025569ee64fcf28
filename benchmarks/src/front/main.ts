// Measures studies with several objectives beside Optuna's samplers. Writes docs/oracle/front.json,
// front.md and front.svg after each study, so that an interrupted run continues.

import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { Command, InvalidArgumentError } from "commander";
import { frontChart } from "./chart.js";
import { optunaAsker } from "./optuna.js";
import { FRONT_PARALLEL, frontPage } from "./page.js";
import { FRONT_PROBLEMS } from "./problems.js";
import { FRONT_SAMPLERS, type FrontResult, frontProblem, recordText, TRIALS, volumesOf } from "./record.js";
import { sintoniaAsker } from "./sintonia.js";
import { runFront } from "./study.js";

interface Options {
  readonly out: string;
  readonly seeds: number;
  readonly problem?: string;
  readonly parallel?: number;
  readonly python?: string;
}

type Wanted = Pick<FrontResult, "sampler" | "problem" | "parallel" | "seed">;

function commandLine(): Options {
  return new Command("bench:front")
    .description("Measures the figures of docs/oracle/front.md that are missing in front.json.")
    .option("--out <folder>", "output folder", "docs/oracle")
    .option("--seeds <n>", "number of studies for each case", wholeNumber, 15)
    .option("--problem <name>", `one problem only: ${Object.keys(FRONT_PROBLEMS).join(", ")}`)
    .option("--parallel <n>", "one number of trials under way only: 1 or 8", wholeNumber)
    .option("--python <path>", "Python with the packages of benchmarks/front/requirements.txt; measures Optuna too")
    .parse()
    .opts<Options>();
}

function wholeNumber(text: string): number {
  const value = Number(text);
  if (Number.isInteger(value) && value >= 1) return value;
  throw new InvalidArgumentError("expected a whole number of at least 1");
}

function wantedStudies({ seeds, problem, parallel, python }: Options): Wanted[] {
  const problems = Object.keys(FRONT_PROBLEMS).filter((name) => problem === undefined || name === problem);
  const samplers = FRONT_SAMPLERS.filter((sampler) => sampler === "sintonia" || python !== undefined);
  const counts = FRONT_PARALLEL.filter((count) => parallel === undefined || count === parallel);
  return Array.from({ length: seeds }, (_, i) => i + 1).flatMap((seed) =>
    counts.flatMap((count) =>
      problems.flatMap((name) => samplers.map((sampler) => ({ sampler, problem: name, parallel: count, seed }))),
    ),
  );
}

async function measure({ sampler, problem, parallel, seed }: Wanted, python: string): Promise<FrontResult> {
  const studied = frontProblem(problem);
  const asker = sampler === "sintonia" ? sintoniaAsker(studied, seed) : optunaAsker({ python, sampler, seed }, studied);
  const record = await runFront(asker, studied, { seed, trials: TRIALS, parallel });
  asker.close();
  const hypervolume = volumesOf(studied, record);
  return { sampler, problem, parallel, seed, hypervolume, secondsPerSuggestion: record.seconds / TRIALS };
}

async function write(results: readonly FrontResult[], out: string): Promise<void> {
  writeFileSync(join(out, "front.json"), recordText(results));
  writeFileSync(join(out, "front.md"), frontPage(results));
  writeFileSync(join(out, "front.svg"), await frontChart(results));
}

async function main(): Promise<void> {
  const options = commandLine();
  const { out, python = "python3" } = options;
  const path = join(out, "front.json");
  mkdirSync(out, { recursive: true });
  let results: readonly FrontResult[] = existsSync(path) ? JSON.parse(readFileSync(path, "utf8")).results : [];
  for (const wanted of wantedStudies(options)) {
    const isSame = ({ sampler, problem, parallel, seed }: FrontResult) =>
      sampler === wanted.sampler && problem === wanted.problem && parallel === wanted.parallel && seed === wanted.seed;
    if (results.some(isSame)) continue;
    results = [...results, await measure(wanted, python)];
    await write(results, out);
  }
  await write(results, out);
}

await main();
