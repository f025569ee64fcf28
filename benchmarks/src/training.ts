import { ENGINE_NAMES, type Engine, type EngineName } from "@sintonia/training/engine/contract/engine";
import { EngineUnavailableError, UnknownEngineError } from "@sintonia/training/engine/contract/engine-error";
import { parseEngineName, startEngine } from "@sintonia/training/engine/engines";
import { Command, InvalidArgumentError } from "commander";
import { GRID, type GridCell, measureCell } from "./training/grid.js";
import { type Measurement, measure, type Settings } from "./training/measurement.js";
import { randomData } from "./training/problem.js";
import { type Absence, gridTable, reportJson, reportTable } from "./training/report.js";

const EXIT_UNAVAILABLE = 1;
const EXIT_USAGE = 2;

interface Options extends Settings {
  readonly json?: true;
  readonly table?: true;
  readonly engine?: EngineName;
}

function commandLine(): Command {
  return new Command("bench:training")
    .description("Measures training steps of a dense classifier of MNIST's size, for each available engine.")
    .option("--engine <name>", `only this engine: ${ENGINE_NAMES.join(", ")}`, engineName)
    .option("--steps <n>", "number of timed steps; at most 3 with plain tfjs", wholeNumber(1), 200)
    .option("--batch <n>", "rows of a batch", wholeNumber(1), 256)
    .option("--hidden <n>", "units of a hidden layer", wholeNumber(1), 800)
    .option("--layers <n>", "hidden layers", wholeNumber(0), 1)
    .option("--table", "measure steps of many sizes with one engine instead [default: onnx]")
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

function wholeNumber(least: number): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (Number.isInteger(value) && value >= least) return value;
    throw new InvalidArgumentError(`expected a whole number of at least ${least}`);
  };
}

/** Starts an engine by its name. */
async function startNamed(name: EngineName): Promise<Engine> {
  try {
    return await startEngine(name);
  } catch (error) {
    if (!(error instanceof EngineUnavailableError)) throw error;
    process.stderr.write(`${error.message}\n`);
    return process.exit(EXIT_UNAVAILABLE);
  }
}

async function compareEngines(options: Options): Promise<string> {
  const data = randomData();
  const results: (Measurement | Absence)[] = [];
  if (options.engine !== undefined) {
    results.push(await measure(await startNamed(options.engine), data, options));
  } else {
    for (const name of ENGINE_NAMES) {
      const engine = await startEngine(name).catch(absenceOf);
      results.push("unavailable" in engine ? engine : await measure(engine, data, options));
    }
  }
  return options.json ? reportJson(options, results) : reportTable(options, results);
}

function absenceOf(error: unknown): Absence {
  if (error instanceof EngineUnavailableError) return { engine: error.engine, unavailable: error.reason };
  throw error;
}

async function measureGrid(options: Options): Promise<string> {
  const engine = await startNamed(options.engine ?? "onnx");
  const data = randomData();
  const cells: GridCell[] = [];
  for (const size of GRID) cells.push(await measureCell(engine, data, size));
  if (options.json) return `${JSON.stringify({ engine: engine.name, cells }, null, 2)}\n`;
  return gridTable(engine.description, cells);
}

const options = commandLine().parse().opts<Options>();
process.stdout.write(await (options.table ? measureGrid(options) : compareEngines(options)));
