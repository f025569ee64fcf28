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

Problems with categorical, boolean and conditional parameters, constraints and trials without a result, and functions
that are not in [regret.md](regret.md). No setting of the oracle was chosen on those functions. The treatment of failed,
diverged and pruned trials, of constraints and of lists of names was developed on these spaces and seeds
([model.md](model.md)), so their figures are optimistic. Each cell shows the median regret of the best completed trial
over ${seeds} seeds, with the quartiles in brackets. The minimiser differs between seeds. Failed, infeasible and pruned
trials count as trials.

In italics: samplers of Optuna 5.0.0 with their defaults on the same problems and ${seeds} seeds: random, TPE, and,
where measured, GP (GPSampler on PyTorch 2.13). **Bold** marks the best median of a cell. The samplers received
infeasible trials as infinitely bad, failed ones as failed, pruned ones with their last value, and constraints through
\`constraints_func\`. In conditional spaces GPSampler models the parameters that every trial has and draws the others
at random.

\`${SPACES_COMMAND}\` wrote this page on one core of a shared two-core machine. The peers' results are in
\`${PEERS_FILE}\`. A single problem: \`npm run -s bench:oracle -- --problem training --at 20,30,50 [--parallel 8]\`, or
\`--function shekel4 --shift\`.`;
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
