// The page of other spaces, beside samplers of other projects on the same problems.

import { DESCRIPTIONS } from "../problems/catalogue.js";
import type { RegretResult } from "../regret.js";
import { comparedCell, type PeerResult, peersAt } from "./peer-comparison.js";

export const SPACES_COMMAND = "npm run -s bench:oracle:spaces";
export const SPACES_COUNTS = [20, 30, 50] as const;

/** File of the peers' results, relative to the root of the repository. */
export const PEERS_FILE = "benchmarks/oracle/peers.json";

/** Formats the page. Problems without a result have no row. */
export function spacesPage(results: readonly RegretResult[], peers: readonly PeerResult[]): string {
  const tables = [1, 8].map((parallel) => {
    const kind = parallel === 1 ? "One trial after the other" : `${parallel} at once, by ended trials`;
    const counts = SPACES_COUNTS.map((count) => `${count} trials`);
    return [
      `## ${kind}`,
      "",
      `| problem | ${counts.join(" | ")} | 95 % of suggestions within |`,
      `| --- |${" --- |".repeat(counts.length + 1)}`,
      ...results.filter((result) => result.parallel === parallel).map((result) => row(result, peers)),
    ].join("\n");
  });
  return `${[head(results), ...tables, legend(results)].join("\n\n")}\n`;
}

function head(results: readonly RegretResult[]): string {
  const seeds = Math.min(...results.map((result) => result.seeds));
  return `# The Bayesian oracle on other spaces

Problems with names, switches, conditions, constraints and trials that end without a result, and functions that are not in
[regret.md](regret.md). No setting of the oracle was chosen by those functions. How it treats failed, diverged and pruned trials,
constraints and lists of names was developed on these spaces, with the same seeds ([model.md](model.md)): there the figures flatter it. What is shown is how far the best completed trial so far lies above the minimum: median over ${seeds} seeds,
quartiles in brackets; every seed has its minimum elsewhere. Trials that fail, are infeasible or pruned count as trials.

Below it, in italics, what samplers of Optuna 5.0.0 came to on the same problems with their defaults and ${seeds} seeds: random, TPE,
and GP (GPSampler, on PyTorch 2.13) where it was measured. **Bold** marks the best median of a cell. They were told infeasible trials
as infinitely bad, failed ones as failed, pruned ones with their last value; constraints through \`constraints_func\`. On conditional
spaces GPSampler models the parameters that every trial has and draws the others at random.

Made by \`${SPACES_COMMAND}\` on one core of a shared two-core machine; the peers' results are in \`${PEERS_FILE}\`.
One problem alone: \`npm run -s bench:oracle -- --problem training --at 20,30,50 [--parallel 8]\`, or \`--function shekel4 --shift\`.`;
}

function row(result: RegretResult, peers: readonly PeerResult[]): string {
  const cells = SPACES_COUNTS.map((count) => {
    const own = result.at.find(({ trials }) => trials === count)?.regret;
    return own === undefined ? "-" : comparedCell(own, peersAt(peers, result, count));
  });
  return `| ${result.function} | ${cells.join(" | ")} | ${(1000 * result.secondsPerSuggestion.p95).toFixed(0)} ms |`;
}

function legend(results: readonly RegretResult[]): string {
  const names = [...new Set(results.map((result) => result.function))].filter((name) => name in DESCRIPTIONS);
  return ["## The problems", "", ...names.map((name) => `- ${name}: ${DESCRIPTIONS[name]}`)].join("\n");
}
