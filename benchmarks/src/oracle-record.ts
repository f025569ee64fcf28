// Measures every function sequentially and with eight parallel trials, unshifted and shifted.
// Writes docs/oracle/regret.json, regret.md and the charts after each measurement, so that an
// interrupted run continues.

import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { OracleName } from "@sintonia/tuning/spec/study-spec";
import { Command } from "commander";
import { NOISES } from "./oracle/pages/noise-section.js";
import { PEER_COUNTS } from "./oracle/pages/peers.js";
import { regretChart } from "./oracle/pages/regret-chart.js";
import { CHARTS, RECORD_COUNTS, RECORD_PARALLEL, recordPage, recordText } from "./oracle/pages/regret-page.js";
import { FUNCTIONS } from "./oracle/problems/functions/functions.js";
import { measureRegret, type RegretResult, type RegretSettings } from "./oracle/regret.js";

const SEEDS = 15;

/**
 * Returns true for the settings to measure. Other oracles serve for comparison; KerasTuner's takes
 * minutes for each function.
 */
function isMeasured(oracle: OracleName, { parallel, shift }: Pick<RegretSettings, "parallel" | "shift">): boolean {
  return oracle !== "keras-tuner" || (parallel === 1 && shift);
}

function settings(oracle: OracleName): RegretSettings[] {
  return [true, false].flatMap((shift) =>
    Object.keys(FUNCTIONS).flatMap((name) =>
      RECORD_PARALLEL.filter((parallel) => isMeasured(oracle, { parallel, shift })).map((parallel) => {
        const setting = { function: name, oracle, parallel, shift, seeds: SEEDS, firstSeed: 1 };
        return { ...setting, noise: 0, counts: RECORD_COUNTS };
      }),
    ),
  );
}

function noisySettings(): RegretSettings[] {
  return Object.entries(NOISES).flatMap(([name, noise]) =>
    RECORD_PARALLEL.map((parallel) => {
      const setting = {
        function: name,
        oracle: "bayesian" as const,
        parallel,
        shift: true,
        seeds: SEEDS,
        firstSeed: 1,
      };
      return { ...setting, noise, counts: PEER_COUNTS };
    }),
  );
}

function isSame(result: RegretResult, wanted: RegretSettings): boolean {
  const settings = ["function", "oracle", "parallel", "shift", "noise"] as const;
  return settings.every((name) => result[name] === wanted[name]);
}

async function write(results: readonly RegretResult[], out: string): Promise<void> {
  writeFileSync(join(out, "regret.json"), recordText(results));
  writeFileSync(join(out, "regret.md"), recordPage(results));
  for (const { file, parallel } of CHARTS) {
    const drawn = results.filter((result) => result.parallel === parallel && result.shift && result.noise === 0);
    writeFileSync(join(out, file), await regretChart(drawn));
  }
}

async function main(): Promise<void> {
  const { out } = new Command("bench:oracle:record")
    .description("Measures the figures of docs/oracle/regret.md, in about an hour on an idle machine.")
    .option("--out <folder>", "output folder", "docs/oracle")
    .parse()
    .opts<{ out: string }>();
  const path = join(out, "regret.json");
  mkdirSync(out, { recursive: true });
  let results: readonly RegretResult[] = existsSync(path) ? JSON.parse(readFileSync(path, "utf8")).results : [];
  const oracles: readonly OracleName[] = ["random", "keras-tuner", "bayesian"];
  for (const wanted of [...oracles.flatMap(settings), ...noisySettings()]) {
    if (!results.some((result) => isSame(result, wanted))) {
      results = [...results, measureRegret(wanted)];
      await write(results, out);
    }
  }
  await write(results, out);
}

await main();
