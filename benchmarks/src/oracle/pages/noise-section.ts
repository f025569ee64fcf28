// The section with noise of the regret page. Shows the true regret of the trial that a study would
// choose.

import type { RegretResult } from "../regret.js";
import { numberText, parallelText, quartilesText } from "../report.js";
import { PEER_COUNTS, PEERS_NOISY } from "./peers.js";

/**
 * Standard deviation of the noise of one objective, by function: of the order of the final regret.
 */
export const NOISES: Readonly<Record<string, number>> = {
  branin: 2,
  hartmann3: 0.1,
  hartmann6: 0.2,
  ackley5: 0.5,
  rosenbrock4: 10,
  levy4: 1,
  rastrigin4: 2,
};

/** Formats the section. Settings without a result have no row. */
export function noiseSection(all: readonly RegretResult[]): string {
  const results = all.filter(({ noise }) => noise > 0);
  return [
    HEAD,
    ...[1, 8].map((parallel) =>
      table(
        results.filter((result) => result.parallel === parallel),
        parallel,
      ),
    ),
  ].join("\n\n");
}

const HEAD = `## With noise, shifted

Each cell shows the *true* regret of the chosen trial: Sintonia chooses the trial with the best posterior mean. In
italics, where measured: the trial with the best measured value of Optuna 5.0.0's TPE and GP samplers with their
defaults, on the same functions, minimisers and noise. **Bold** marks the best median.`;

function table(results: readonly RegretResult[], parallel: number): string {
  const kind = parallelText(parallel);
  const rows = Object.keys(NOISES).flatMap((name) => results.filter((result) => result.function === name).map(row));
  const counts = PEER_COUNTS.map((count) => `${count} trials`);
  return [
    `### ${kind}`,
    "",
    `| function | noise sd | ${counts.join(" | ")} |`,
    `| --- | --- |${" --- |".repeat(counts.length)}`,
    ...rows,
  ].join("\n");
}

function row({ function: name, noise, parallel, at }: RegretResult): string {
  const cells = PEER_COUNTS.map((count, i) => {
    const own = at.find(({ trials }) => trials === count)?.recommended;
    if (own === undefined) return "-";
    const peers = parallel === 1 ? Object.entries(PEERS_NOISY[name] ?? {}) : [];
    const others = peers.map(([sampler, medians]) => ({ sampler, median: medians[i] as number }));
    const least = Math.min(own.median, ...others.map(({ median }) => median));
    const listed = others.map(({ sampler, median }) => `${sampler} ${marked(numberText(median), median === least)}`);
    const mine = marked(quartilesText(own), own.median === least && others.length > 0);
    return listed.length === 0 ? mine : `${mine}<br>_${listed.join(", ")}_`;
  });
  return `| ${name} | ${noise} | ${cells.join(" | ")} |`;
}

function marked(text: string, isBest: boolean): string {
  return isBest ? `**${text}**` : text;
}
