// Measures every function, one after the other and eight at once, unshifted and shifted, and writes docs/oracle/regret.json
// and regret.md after each: it may be stopped and started again.

import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { createOracle } from "@sintonia/tuning/oracle/create";
import { Command } from "commander";
import { FUNCTIONS } from "./oracle/functions.js";
import { PEER_COUNTS } from "./oracle/peers.js";
import { RECORD_COMMAND, RECORD_PARALLEL, recordPage } from "./oracle/record.js";
import { measureRegret, type RegretResult, type RegretSettings } from "./oracle/regret.js";

const SEEDS = 15;

interface Document {
  readonly command: string;
  readonly oracle: "bayesian";
  readonly results: readonly RegretResult[];
}

function settings(): RegretSettings[] {
  return [true, false].flatMap((shift) =>
    Object.keys(FUNCTIONS).flatMap((name) =>
      RECORD_PARALLEL.map((parallel) => {
        return { function: name, parallel, shift, seeds: SEEDS, firstSeed: 1, noise: 0, counts: PEER_COUNTS };
      }),
    ),
  );
}

function isSame(result: RegretResult, wanted: RegretSettings): boolean {
  return result.function === wanted.function && result.parallel === wanted.parallel && result.shift === wanted.shift;
}

function main(): void {
  const { out } = new Command("bench:oracle:record")
    .description("Measures what docs/oracle/regret.md shows; hours on a busy machine.")
    .option("--out <folder>", "where to write", "docs/oracle")
    .parse()
    .opts<{ out: string }>();
  const path = join(out, "regret.json");
  mkdirSync(out, { recursive: true });
  let results = existsSync(path) ? (JSON.parse(readFileSync(path, "utf8")) as Document).results : [];
  for (const wanted of settings()) {
    if (!results.some((result) => isSame(result, wanted))) {
      results = [...results, measureRegret(createOracle({ type: "bayesian" }), wanted)];
    }
    const document: Document = { command: RECORD_COMMAND, oracle: "bayesian", results };
    writeFileSync(path, `${JSON.stringify(document, null, 2)}\n`);
    writeFileSync(join(out, "regret.md"), recordPage(results));
  }
}

main();
