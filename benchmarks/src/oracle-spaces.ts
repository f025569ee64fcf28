// Measures the problems that are more than a function of the record, and writes docs/oracle/spaces.json and spaces.md after
// each: it may be stopped and started again.

import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { Command } from "commander";
import { FURTHER_NAMES, SPACE_NAMES } from "./oracle/problems/catalogue.js";
import { measureRegret, type RegretResult, type RegretSettings } from "./oracle/regret.js";
import { PEERS_FILE, type PeerResult, SPACES_COMMAND, SPACES_COUNTS, spacesPage } from "./oracle/spaces-record.js";

const SEEDS = 15;

function settings(): RegretSettings[] {
  return [1, 8].flatMap((parallel) =>
    [...SPACE_NAMES, ...FURTHER_NAMES].map((name) => {
      const shift = FURTHER_NAMES.includes(name);
      const setting = { function: name, oracle: "bayesian" as const, parallel, shift, seeds: SEEDS, firstSeed: 1 };
      return { ...setting, noise: 0, counts: SPACES_COUNTS };
    }),
  );
}

function main(): void {
  const { out } = new Command("bench:oracle:spaces")
    .description("Measures what docs/oracle/spaces.md shows; some ten minutes.")
    .option("--out <folder>", "where to write", "docs/oracle")
    .parse()
    .opts<{ out: string }>();
  const path = join(out, "spaces.json");
  const peers = JSON.parse(readFileSync(PEERS_FILE, "utf8")) as readonly PeerResult[];
  mkdirSync(out, { recursive: true });
  let results: readonly RegretResult[] = existsSync(path) ? JSON.parse(readFileSync(path, "utf8")).results : [];
  for (const wanted of settings()) {
    const isMeasured = results.some((r) => r.function === wanted.function && r.parallel === wanted.parallel);
    if (!isMeasured) results = [...results, measureRegret(wanted)];
    writeFileSync(path, `${JSON.stringify({ command: SPACES_COMMAND, oracle: "bayesian", results }, null, 2)}\n`);
    writeFileSync(join(out, "spaces.md"), spacesPage(results, peers));
  }
}

main();
