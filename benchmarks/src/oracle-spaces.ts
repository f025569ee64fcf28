// Measures the problems beyond the functions of oracle-record.ts. Writes docs/oracle/spaces.json
// and spaces.md, or held-out.json and held-out.md, after each measurement, so that an interrupted
// run continues.

import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { Command } from "commander";
import {
  HELD_OUT_COMMAND,
  HELD_OUT_COUNTS,
  HELD_OUT_FILE,
  type HeldOutPast,
  heldOutPage,
} from "./oracle/pages/held-out-page.js";
import type { PeerResult } from "./oracle/pages/peer-comparison.js";
import { PEERS_FILE, SPACES_COMMAND, SPACES_COUNTS, spacesPage } from "./oracle/pages/spaces-page.js";
import { FURTHER_NAMES, HELD_OUT_NAMES, SPACE_NAMES } from "./oracle/problems/catalogue.js";
import { measureRegret, type RegretResult, type RegretSettings } from "./oracle/regret.js";

/** Problems of one page. */
interface RecordSet {
  /** Base name of the files in the output folder. */
  readonly name: string;
  readonly command: string;
  readonly problems: readonly string[];
  readonly settings: Pick<RegretSettings, "counts" | "seeds" | "firstSeed">;
  page(results: readonly RegretResult[]): string;
}

function spacesSet(): RecordSet {
  const peers = readJson(PEERS_FILE) as readonly PeerResult[];
  return {
    name: "spaces",
    command: SPACES_COMMAND,
    problems: [...SPACE_NAMES, ...FURTHER_NAMES],
    settings: { counts: SPACES_COUNTS, seeds: 15, firstSeed: 1 },
    page: (results) => spacesPage(results, peers),
  };
}

function heldOutSet(): RecordSet {
  const past = readJson(HELD_OUT_FILE) as HeldOutPast;
  return {
    name: "held-out",
    command: HELD_OUT_COMMAND,
    problems: HELD_OUT_NAMES,
    settings: { counts: HELD_OUT_COUNTS, seeds: 11, firstSeed: 101 },
    page: (results) => heldOutPage(results, past),
  };
}

function readJson(path: string): unknown {
  return JSON.parse(readFileSync(path, "utf8"));
}

function settingsOf({ problems, settings }: RecordSet): RegretSettings[] {
  return [1, 8].flatMap((parallel) =>
    problems.map((name) => {
      const shift = FURTHER_NAMES.includes(name);
      return { function: name, oracle: "bayesian" as const, parallel, shift, noise: 0, ...settings };
    }),
  );
}

function main(): void {
  const { out, heldOut } = new Command("bench:oracle:spaces")
    .description("Measures the figures of docs/oracle/spaces.md, in about ten minutes.")
    .option("--held-out", "measure the figures of held-out.md instead", false)
    .option("--out <folder>", "output folder", "docs/oracle")
    .parse()
    .opts<{ out: string; heldOut: boolean }>();
  const set = heldOut ? heldOutSet() : spacesSet();
  const path = join(out, `${set.name}.json`);
  mkdirSync(out, { recursive: true });
  let results: readonly RegretResult[] = existsSync(path)
    ? (readJson(path) as { results: RegretResult[] }).results
    : [];
  for (const wanted of settingsOf(set)) {
    const isMeasured = results.some((r) => r.function === wanted.function && r.parallel === wanted.parallel);
    if (!isMeasured) results = [...results, measureRegret(wanted)];
    writeFileSync(path, `${JSON.stringify({ command: set.command, oracle: "bayesian", results }, null, 2)}\n`);
    writeFileSync(join(out, `${set.name}.md`), set.page(results));
  }
}

main();
