// Measures where limits of improvement end searches of known functions, and writes the page.

import { writeFileSync } from "node:fs";
import { Command } from "commander";
import { positiveInteger } from "../../options/positive-integer.js";
import { stoppingPage } from "./page.js";
import { prospectsOf } from "./searches.js";

const FUNCTIONS = ["branin", "hartmann3", "hartmann6"];

const { seeds, trials, out } = new Command("bench:oracle:stopping")
  .description("Measures where limits of improvement end searches of functions with a known minimum.")
  .option("--seeds <n>", "searches of each function", positiveInteger, 12)
  .option("--trials <n>", "trials of a search", positiveInteger, 100)
  .option("--out <file>", "page to write", "docs/oracle/stopping.md")
  .parse()
  .opts<{ seeds: number; trials: number; out: string }>();

const all = FUNCTIONS.map((name) => ({
  function: name,
  courses: Array.from({ length: seeds }, (_, i) => {
    process.stderr.write(`${name}, search ${i + 1} of ${seeds}\n`);
    return prospectsOf({ function: name, seed: i + 1, trials });
  }),
}));
writeFileSync(out, stoppingPage(all, { seeds, trials }));
