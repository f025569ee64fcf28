// Measures regret against epochs with several fidelities, beside other tools. Writes
// docs/oracle/fidelity.json, fidelity.md and fidelity.svg after each study, so that an interrupted
// run continues.

import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { Command } from "commander";
import { positiveInteger } from "../options/positive-integer.js";
import { fidelityChart } from "./chart.js";
import { fidelityPage } from "./page.js";
import { runPeer } from "./peers.js";
import { fidelityProblem } from "./problems.js";
import {
  budgetOf,
  type FidelityRecord,
  type FidelityResult,
  OTHERS,
  OWN,
  PROBLEM_NAMES,
  recordText,
  rounded,
} from "./record.js";
import { dataShareResults } from "./recorded/data-share.js";
import { predictionScores } from "./recorded/scores.js";
import { runSintonia } from "./sintonia.js";
import { AccountedStudy } from "./study.js";

interface Options {
  readonly out: string;
  readonly seeds: number;
  readonly problem?: string;
  readonly python?: string;
}

type Wanted = Pick<FidelityResult, "contestant" | "problem" | "seed">;

function commandLine(): Options {
  return new Command("bench:fidelity")
    .description("Measures the figures of docs/oracle/fidelity.md that are missing in fidelity.json.")
    .option("--out <folder>", "output folder", "docs/oracle")
    .option("--seeds <n>", "number of studies for each case", positiveInteger, 15)
    .option("--problem <name>", `one problem only: ${PROBLEM_NAMES.join(", ")}`)
    .option("--python <path>", "Python with the packages of benchmarks/fidelity/requirements.txt; measures peers too")
    .parse()
    .opts<Options>();
}

function wantedStudies({ seeds, problem, python }: Options): Wanted[] {
  const problems = PROBLEM_NAMES.filter((name) => problem === undefined || name === problem);
  const contestants = [...OWN, ...(python === undefined ? [] : OTHERS)].map(({ name }) => name);
  return Array.from({ length: seeds }, (_, i) => i + 1).flatMap((seed) =>
    problems.flatMap((name) => contestants.map((contestant) => ({ contestant, problem: name, seed }))),
  );
}

async function measure(wanted: Wanted, python = "python3"): Promise<FidelityResult> {
  const { contestant, problem, seed } = wanted;
  const study = new AccountedStudy(fidelityProblem(problem), { seed, budget: budgetOf(problem) });
  const own = OWN.find(({ name }) => name === contestant);
  const tool = OTHERS.find(({ name }) => name === contestant)?.tool;
  if (own !== undefined) runSintonia(study, own.settings);
  else if (tool !== undefined) await runPeer(study, { python, tool });
  return rounded({ ...wanted, regrets: study.regrets, trials: study.trials });
}

async function write(record: FidelityRecord, out: string): Promise<void> {
  writeFileSync(join(out, "fidelity.json"), recordText(record));
  writeFileSync(join(out, "fidelity.md"), fidelityPage(record));
  writeFileSync(join(out, "fidelity.svg"), await fidelityChart(record.results));
}

function readRecord(path: string): FidelityRecord {
  const known = existsSync(path) ? JSON.parse(readFileSync(path, "utf8")) : {};
  return { scores: known.scores ?? [], dataShare: known.dataShare ?? [], results: known.results ?? [] };
}

async function main(): Promise<void> {
  const options = commandLine();
  const path = join(options.out, "fidelity.json");
  mkdirSync(options.out, { recursive: true });
  const { scores, dataShare, results } = readRecord(path);
  const record = {
    scores: scores.length > 0 ? scores : predictionScores(),
    dataShare: dataShare.length > 0 ? dataShare : dataShareResults(),
    results: [...results],
  };
  for (const wanted of wantedStudies(options)) {
    const isSame = ({ contestant, problem, seed }: FidelityResult) =>
      contestant === wanted.contestant && problem === wanted.problem && seed === wanted.seed;
    if (record.results.some(isSame)) continue;
    record.results.push(await measure(wanted, options.python));
    writeFileSync(path, recordText(record));
  }
  await write(record, options.out);
}

await main();
