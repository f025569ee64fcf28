import { createOracle } from "@sintonia/tuning/oracle/registry";
import { ORACLE_NAMES } from "@sintonia/tuning/spec/schema";
import { Command, InvalidArgumentError, Option } from "commander";
import { measureLabSheet } from "./oracle/lab-sheet.js";
import { FUNCTION_NAMES, HELD_OUT_NAMES, LOST_NAMES, SPACE_NAMES } from "./oracle/problems/catalogue.js";
import { measureRegret, type RegretSettings } from "./oracle/regret.js";
import { labSheetTable, regretTable, timeTable } from "./oracle/report.js";
import { measureTime } from "./oracle/suggestion-time.js";

const PROBLEM_NAMES = [...SPACE_NAMES, ...LOST_NAMES, ...HELD_OUT_NAMES];
const EXIT_USAGE = 2;
/** Number of trials on the lab sheet. */
const LAB_SHEET_TRIALS = 10;

interface Options extends Omit<RegretSettings, "counts"> {
  readonly problem?: string;
  readonly at?: readonly number[];
  readonly trials: number;
  readonly time?: number;
  readonly led: boolean;
  readonly labSheet?: true;
  readonly json?: true;
}

function commandLine(): Command {
  return new Command("bench:oracle")
    .description("Measures the regret of an oracle on a problem with a known minimum, or the time of its suggestions.")
    .option("--function <name>", FUNCTION_NAMES.join(", "), nameOf(FUNCTION_NAMES), "branin")
    .option("--problem <name>", `instead, another problem: ${PROBLEM_NAMES.join(", ")}`, nameOf(PROBLEM_NAMES))
    .option("--trials <n>", "completed trials of a study", wholeNumber(1), 100)
    .option("--at <list>", "completed trials to report at [default: 30, 50, 100 up to --trials, and the last]", counts)
    .option("--parallel <n>", "parallel trials; their durations are log-normal(0, 0.5)", wholeNumber(1), 1)
    .option("--seeds <n>", "number of studies", wholeNumber(1), 15)
    .option("--first-seed <n>", "seed of the first study", wholeNumber(0), 1)
    .option("--noise <sd>", "standard deviation of the noise of an objective", notNegative, 0)
    .option("--choices", "also report the trial with the best posterior mean and the best measured one")
    .option("--shift", "move the minimiser to a random point that depends on the seed", false)
    .addOption(new Option("--oracle <name>", "the oracle to measure").choices(ORACLE_NAMES).default("bayesian"))
    .option("--time <n>", "time suggestions of six parameters at n observations instead", wholeNumber(1))
    .option("--led", "with --time: observations that the oracle suggested, not random points", false)
    .option(
      "--lab-sheet",
      "instead, compare ten noisy trials (or --at <n>) of one parameter with KerasTuner's algorithm",
    )
    .option("--json", "print one JSON document")
    .exitOverride((error) => process.exit(error.exitCode === 0 ? 0 : EXIT_USAGE));
}

function nameOf(names: readonly string[]): (text: string) => string {
  return (text) => {
    if (names.includes(text)) return text;
    throw new InvalidArgumentError(`expected one of ${names.join(", ")}`);
  };
}

function wholeNumber(min: number): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (Number.isInteger(value) && value >= min) return value;
    throw new InvalidArgumentError(`expected a whole number of at least ${min}`);
  };
}

function notNegative(text: string): number {
  const value = Number(text);
  if (Number.isFinite(value) && value >= 0) return value;
  throw new InvalidArgumentError("expected a number of at least 0");
}

function counts(text: string): number[] {
  return text.split(",").map(wholeNumber(1));
}

function defaultCounts(trials: number): number[] {
  return [...new Set([30, 50, 100, trials])].filter((count) => count <= trials).sort((a, b) => a - b);
}

function print(result: object, table: string, { json }: Options): void {
  process.stdout.write(json ? `${JSON.stringify(result, null, 2)}\n` : table);
}

function main(): void {
  const options = commandLine().parse().opts<Options>();
  if (options.labSheet) {
    const result = measureLabSheet({ ...options, trials: options.at?.[0] ?? LAB_SHEET_TRIALS });
    print(result, labSheetTable(result), options);
    return;
  }
  if (options.time === undefined) {
    const name = options.problem ?? options.function;
    const counts = options.at ?? defaultCounts(options.trials);
    const result = measureRegret({ ...options, function: name, counts });
    print(result, regretTable(result), options);
  } else {
    const result = measureTime(createOracle({ type: options.oracle }), {
      observations: options.time,
      pending: options.parallel - 1,
      led: options.led,
    });
    print({ oracle: options.oracle, ...result }, timeTable(result), options);
  }
}

main();
