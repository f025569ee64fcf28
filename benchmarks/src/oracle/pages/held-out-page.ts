// The page of the problems that were written after the oracle.

import { HELD_OUT } from "../problems/held-out/catalogue.js";
import type { RegretAt, RegretResult } from "../regret.js";
import { quartilesText } from "../report.js";
import { comparedCell, type PeerResult, peersAt } from "./peer-comparison.js";

export const HELD_OUT_COMMAND = "npm run -s bench:oracle:spaces -- --held-out";
export const HELD_OUT_COUNTS = [15, 25, 40] as const;

/**
 * File of the first measurement and of the peers' results, relative to the root of the repository.
 */
export const HELD_OUT_FILE = "benchmarks/oracle/held-out.json";

/** Results that are not measured again. */
export interface HeldOutPast {
  /** Commit of the oracle at the first measurement. */
  readonly commit: string;
  readonly first: readonly FirstResult[];
  readonly peers: readonly PeerResult[];
}

type FirstResult = Pick<RegretResult, "function" | "parallel" | "seeds" | "at">;

/** Formats the page, with the first measurement above the present one. */
export function heldOutPage(results: readonly RegretResult[], past: HeldOutPast): string {
  const tables = [1, 8].map((parallel) => {
    const kind = parallel === 1 ? "One trial after the other" : `${parallel} at once, by ended trials`;
    const counts = HELD_OUT_COUNTS.map((count) => `${count} trials`);
    return [
      `## ${kind}`,
      "",
      `| problem | ${counts.join(" | ")} |`,
      `| --- |${" --- |".repeat(counts.length)}`,
      ...past.first.filter((first) => first.parallel === parallel).map((first) => row(first, results, past.peers)),
    ].join("\n");
  });
  const legend = Object.entries(HELD_OUT).map(([name, { shows }]) => `- ${name}: ${shows}`);
  return `${[head(past), ...tables, ["## The problems", "", ...legend].join("\n")].join("\n\n")}\n`;
}

function row(first: FirstResult, results: readonly RegretResult[], peers: readonly PeerResult[]): string {
  const now = results.find((result) => result.function === first.function && result.parallel === first.parallel);
  const cells = HELD_OUT_COUNTS.map((count) => {
    const [then, present] = [shownAt(first, count), shownAt(now, count)];
    if (then === undefined) return "-";
    const again = present === undefined ? "" : `<br>now ${quartilesText(present)}`;
    return `${comparedCell(then, peersAt(peers, first, count))}${again}`;
  });
  return `| ${first.function} | ${cells.join(" | ")} |`;
}

/** Returns the true regret of the chosen trial for noisy problems, of the best trial for others. */
function shownAt(result: Pick<RegretResult, "at"> | undefined, count: number): RegretAt["regret"] | undefined {
  const at = result?.at.find(({ trials }) => trials === count);
  return at?.recommended ?? at?.regret;
}

function head({ commit, first }: HeldOutPast): string {
  const seeds = Math.min(...first.map((result) => result.seeds));
  return `# The Bayesian oracle on held-out problems

Sixteen problems that were written after the oracle and measured once with it (commit ${commit}), with ${seeds} seeds
from 101 on. The first line of each cell is the result: the median regret of the best completed trial, with the
quartiles in brackets; for noisy problems, the true regret of the trial that \`best\` names. The minimiser differs
between seeds.

In italics: samplers of Optuna 5.0.0 with their defaults on the same problems and seeds: random, TPE, and, where
measured, GP (GPSampler on PyTorch 2.13); for noisy problems, the true regret of their best measured trial. **Bold**
marks the best median of the first line and the samplers. The samplers received infeasible trials as infinitely bad, and
constraints through \`constraints_func\`; trials that violate them do not count. Optuna has no integer steps on a
logarithmic scale, so they were left out. With eight parallel trials GP was measured on one problem only.

"now" is the oracle after two changes ([what was tried](measurements.md#what-was-tried)): the unknown mean of the
search, and of feasibility. Single runs of \`ring\`, \`cliff\` and Zakharov's function had suggested the changes; older
functions and seeds from 201 on decided about them. For noisy problems the chosen trial also depends on later changes of
the posterior (detail beside noise, the decrease towards the border). So only the first line is held out. Peers are
better there on \`ring\` and \`cliff\` at several counts and on \`trid6\` (GP, 40 trials). With eight parallel trials
they are also better on \`trid6\` and \`recipe\` at 15 trials, of which the first eight are suggested before any result.
No difference is significant with 11 seeds (Mann-Whitney, 5 %), which only detects large ones. On \`corner\` half of the
studies miss the narrow hill, before and after the changes.

\`${HELD_OUT_COMMAND}\` wrote this page; \`${HELD_OUT_FILE}\` has the results that are not measured again. A single
problem:
\`npm run -s bench:oracle -- --problem ring --at 15,25,40 --first-seed 101 --seeds ${seeds} [--parallel 8]\`.`;
}
