// The stored results of the regret benchmark: a JSON document and a page of tables.

import { FUNCTIONS } from "../problems/functions/functions.js";
import type { RegretResult } from "../regret.js";
import { numberText, parallelText, quartilesText } from "../report.js";
import { noiseSection } from "./noise-section.js";
import { PEER_COUNTS, PEERS_PARALLEL, PEERS_SEQUENTIAL } from "./peers.js";

const RECORD_COMMAND = "npm run -s bench:oracle:record";

/** Numbers of parallel trials of the recorded runs. */
export const RECORD_PARALLEL = [1, 8] as const;

/** Numbers of completed trials at which the regret is recorded. */
export const RECORD_COUNTS: readonly number[] = Array.from({ length: 20 }, (_, i) => 5 * (i + 1));

/** Charts of the shifted functions. */
export const CHARTS = [
  { file: "regret-sequential.svg", parallel: 1 },
  { file: "regret-parallel.svg", parallel: 8 },
] as const;

/** Formats the JSON document, one line for each result. */
export function recordText(results: readonly RegretResult[]): string {
  const lines = results.map((result) => `    ${JSON.stringify(result)}`);
  return `{\n  "command": "${RECORD_COMMAND}",\n  "results": [\n${lines.join(",\n")}\n  ]\n}\n`;
}

/** Formats the page. Settings without a result have no row. */
export function recordPage(all: readonly RegretResult[]): string {
  const results = all.filter(({ oracle, noise }) => oracle === "bayesian" && noise === 0);
  const tables = RECORD_PARALLEL.flatMap((parallel) =>
    [false, true].map((shift) =>
      table(
        results.filter((result) => result.parallel === parallel && result.shift === shift),
        { parallel, shift },
      ),
    ),
  );
  const seeds = Math.min(...results.map((result) => result.seeds));
  return `${[head(seeds), ...tables, noiseSection(all)].join("\n\n")}\n`;
}

function head(seeds: number): string {
  return `# Simple regret of the Bayesian oracle

Simple regret is the distance of the best completed trial from the known minimum. Each cell shows the median over
${seeds} seeds, with the quartiles in brackets. Only the last section has noise. In italics: the best peer at the same
number of trials, among Optuna 4.9's GP and TPE samplers, Optuna 5.0rc1's GP sampler, KerasTuner's settings and random
search, always on the unshifted function (\`benchmarks/src/oracle/pages/peers.ts\`). A cell says **above** if the
oracle's median is above the peer's.

"Shifted" moves the minimiser to a random point of the middle 80 % of the domain, which differs between seeds. The
oracle's first trial is the centre of the space, which is the minimiser of Ackley's and Rastrigin's functions.

\`${RECORD_COMMAND}\` writes this page and measures only what \`regret.json\` lacks. A single function:
\`npm run -s bench:oracle -- --function levy4 --trials 100 --parallel 8 --seeds ${seeds} --shift --json\`.

![Regret over completed trials, sequential trials, shifted functions](regret-sequential.svg)

![Regret over completed trials, eight parallel trials, shifted functions](regret-parallel.svg)

Lines are medians and bands are quartiles. Random search and KerasTuner's algorithm (the oracle \`keras-tuner\`, without
the defects of KerasTuner) are measured on the same functions and seeds. Points are the best peer's medians on the
unshifted function.`;
}

function table(results: readonly RegretResult[], { parallel, shift }: { parallel: number; shift: boolean }): string {
  const kind = parallelText(parallel);
  const counts = PEER_COUNTS.map((count) => `${count} trials`);
  const rows = Object.keys(FUNCTIONS).flatMap((name) => {
    const result = results.find((candidate) => candidate.function === name);
    return result === undefined ? [] : [row(result)];
  });
  return [
    `## ${kind}${shift ? ", shifted" : ""}`,
    "",
    `| function | ${counts.join(" | ")} | one suggestion, processor time |`,
    `| --- |${" --- |".repeat(counts.length + 1)}`,
    ...rows,
  ].join("\n");
}

function row(result: RegretResult): string {
  const peers = (result.parallel === 1 ? PEERS_SEQUENTIAL : PEERS_PARALLEL)[result.function];
  const cells = PEER_COUNTS.map((count, i) => {
    const regret = result.at.find(({ trials }) => trials === count)?.regret;
    const peer = peers?.[i];
    if (regret === undefined || peer === undefined) return "-";
    return `${quartilesText(regret)}${regret.median > peer ? ", **above**" : ""}<br>_${numberText(peer)}_`;
  });
  const { median, p95 } = result.secondsPerSuggestion;
  return `| ${result.function} | ${cells.join(" | ")} | ${ms(median)}, 95 % within ${ms(p95)} |`;
}

function ms(seconds: number): string {
  return `${(1000 * seconds).toFixed(0)} ms`;
}
