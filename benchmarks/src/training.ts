import { ENGINE_NAMES, type EngineName } from "@sintonia/training/engine/engine";
import { EngineUnavailableError, UnknownEngineError } from "@sintonia/training/engine/engine-error";
import { parseEngineName, startEngine } from "@sintonia/training/engine/start";
import { Command, InvalidArgumentError } from "commander";
import { type Measurement, measure, type Settings } from "./training/measurement.js";
import { type Problem, problemOf } from "./training/problem.js";
import { type Absence, reportJson, reportTable } from "./training/report.js";

const EXIT_UNAVAILABLE = 1;
const EXIT_USAGE = 2;

interface Options extends Settings {
  readonly json?: true;
  readonly engine?: EngineName;
}

function commandLine(): Command {
  return new Command("bench:training")
    .description("Times training steps of a dense classifier of MNIST's size, for each engine at hand.")
    .option("--engine <name>", `only this engine: ${ENGINE_NAMES.join(", ")}`, engineName)
    .option("--steps <n>", "steps to time; plain tfjs takes at most 3", positiveInteger, 200)
    .option("--batch <n>", "rows of a batch", positiveInteger, 256)
    .option("--hidden <n>", "units of the hidden layer", positiveInteger, 800)
    .option("--json", "print one JSON document")
    .exitOverride((error) => process.exit(error.exitCode === 0 ? 0 : EXIT_USAGE));
}

function engineName(text: string): EngineName {
  try {
    return parseEngineName(text);
  } catch (error) {
    if (error instanceof UnknownEngineError) throw new InvalidArgumentError(error.message);
    throw error;
  }
}

function positiveInteger(text: string): number {
  const value = Number(text);
  if (!Number.isInteger(value) || value < 1) throw new InvalidArgumentError("expected a whole number of at least 1");
  return value;
}

/** Engines that do not start are reported, unless the user asked for that one. */
async function measureEngine(name: EngineName, problem: Problem, options: Options): Promise<Measurement | Absence> {
  try {
    return await measure(await startEngine(name), problem, options);
  } catch (error) {
    if (!(error instanceof EngineUnavailableError)) throw error;
    if (options.engine === undefined) return { engine: name, unavailable: error.reason };
    process.stderr.write(`${error.message}\n`);
    return process.exit(EXIT_UNAVAILABLE);
  }
}

async function main(): Promise<void> {
  const options = commandLine().parse().opts<Options>();
  const problem = problemOf(options);
  const results: (Measurement | Absence)[] = [];
  for (const name of options.engine === undefined ? ENGINE_NAMES : [options.engine]) {
    results.push(await measureEngine(name, problem, options));
  }
  process.stdout.write(options.json ? reportJson(options, results) : reportTable(options, results));
}

await main();
