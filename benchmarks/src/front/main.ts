// Measures studies with several objectives beside Optuna's samplers. Writes docs/oracle/front.json,
// front.md and front.svg after each study, so that an interrupted run continues. Each study is
// added to the record as it is then: several processes may measure different samplers or problems.

import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { Command, InvalidArgumentError } from "commander";
import { frontChart } from "./chart.js";
import { optunaAsker } from "./optuna.js";
import { FRONT_PARALLEL, frontPage } from "./page.js";
import { FRONT_PROBLEMS, frontProblem } from "./problems/catalogue.js";
import { FRONT_SAMPLERS, type FrontResult, recordText, TRIALS, volumesOf } from "./record.js";
import { sintoniaAsker } from "./sintonia.js";
import { runFront } from "./study.js";

interface Options {
  readonly out: string;
  readonly seeds: number;
  readonly sampler?: string;
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
    .option("--sampler <name>", `one sampler only: ${FRONT_SAMPLERS.join(", ")}`)
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

function wantedStudies({ seeds, sampler: only, problem, parallel, python }: Options): Wanted[] {
  const problems = Object.keys(FRONT_PROBLEMS).filter((name) => problem === undefined || name === problem);
  const samplers = FRONT_SAMPLERS.filter(
    (sampler) => (only === undefined || sampler === only) && (sampler === "sintonia" || python !== undefined),
  );
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

function recordIn(out: string): readonly FrontResult[] {
  const path = join(out, "front.json");
  return existsSync(path) ? JSON.parse(readFileSync(path, "utf8")).results : [];
}

/** Adds studies to the record and writes the page and the chart. */
async function write(added: readonly FrontResult[], out: string): Promise<void> {
  const results = [...recordIn(out), ...added];
  const path = join(out, "front.json");
  writeFileSync(`${path}.${process.pid}`, recordText(results));
  renameSync(`${path}.${process.pid}`, path);
  writeFileSync(join(out, "front.md"), frontPage(results));
  writeFileSync(join(out, "front.svg"), await frontChart(results));
}

async function main(): Promise<void> {
  const options = commandLine();
  const { out, python = "python3" } = options;
  mkdirSync(out, { recursive: true });
  for (const wanted of wantedStudies(options)) {
    const isSame = ({ sampler, problem, parallel, seed }: FrontResult) =>
      sampler === wanted.sampler && problem === wanted.problem && parallel === wanted.parallel && seed === wanted.seed;
    if (!recordIn(out).some(isSame)) await write([await measure(wanted, python)], out);
  }
  await write([], out);
}

await main();
