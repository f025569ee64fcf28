// The command `npm run simulate`.

import { register } from "node:module";
import { parseArgs } from "node:util";
import { MUTANTS, type Mutant } from "./mutants/catalog.js";

const HELP = `Usage: npm run simulate -- [--seeds A..B | --seed N] [--mutant NAME] [--trace]

Runs the real coordinator and trainers in one thread with virtual time, under the faults of each seed,
and checks the invariants after every step. The same seed gives the same run, byte for byte.

  --seeds A..B    the seeds to run (default 1..300)
  --seed N        one seed: repeats a failure
  --mutant NAME   puts a deliberate bug into the product: ${MUTANTS.length} bugs, --mutant list prints them
  --trace         prints every line of the run
  --help          prints this text

Exit code 0: every invariant held. 1: one did not; its seed, faults and last 50 inputs are printed.
2: the arguments are not valid, or a mutant no longer applies.
`;

const OPTIONS = {
  seeds: { type: "string", default: "1..300" },
  seed: { type: "string" },
  mutant: { type: "string" },
  trace: { type: "boolean", default: false },
  help: { type: "boolean", short: "h", default: false },
} as const;

/** Arguments that the command does not take. */
class UsageError extends Error {}

try {
  process.exitCode = await main();
} catch (error) {
  if (!(error instanceof UsageError) && !(error instanceof TypeError && "code" in error)) throw error;
  process.stderr.write(`error: ${error.message}; see npm run simulate -- --help\n`);
  process.exitCode = 2;
}

async function main(): Promise<number> {
  const { values } = parseArgs({ options: OPTIONS });
  if (values.help || values.mutant === "list") {
    process.stdout.write(values.help ? HELP : MUTANTS.map(({ name, bug }) => `${name}: ${bug}\n`).join(""));
    return 0;
  }
  const [first, last] = range(values.seed === undefined ? values.seeds : `${values.seed}..${values.seed}`);
  if (values.mutant !== undefined) apply(mutantOf(values.mutant));
  return await run(first, last, values.trace);
}

function range(text: string): [number, number] {
  const [, first, last] = /^(\d{1,9})\.\.(\d{1,9})$/.exec(text) ?? [];
  if (first === undefined || last === undefined || Number(first) > Number(last))
    throw new UsageError(`seeds must be A..B with A <= B, received ${text}`);
  return [Number(first), Number(last)];
}

function mutantOf(name: string): Mutant {
  const mutant = MUTANTS.find((candidate) => candidate.name === name);
  if (mutant === undefined) throw new UsageError(`there is no mutant ${name}; --mutant list prints all`);
  return mutant;
}

/** Changes a compiled file of the product as Node loads it. */
function apply(mutant: Mutant): void {
  register("./mutants/load-hook.js", { parentURL: import.meta.url, data: mutant });
}

async function run(first: number, last: number, traces: boolean): Promise<number> {
  // Loaded late: a mutant changes the product's files as they are loaded.
  const { simulate, SimulationFailure } = await import("./simulate.js");
  const onLine = traces ? { onLine: (line: string) => void process.stdout.write(`${line}\n`) } : {};
  const startMs = process.cpuUsage().user / 1_000;
  for (let seed = first; seed <= last; seed++) {
    try {
      await simulate(seed, onLine);
    } catch (error) {
      if (!(error instanceof SimulationFailure)) throw error;
      process.stdout.write(`${error.message}\nrepeat: npm run simulate -- --seed ${seed}\n`);
      return 1;
    }
  }
  const seconds = (process.cpuUsage().user / 1_000 - startMs) / 1_000;
  process.stdout.write(`seeds ${first} to ${last} keep every invariant (${seconds.toFixed(1)} s of processor time)\n`);
  return 0;
}
