// The page docs/oracle/front.md.

import { quantile } from "../oracle/statistics.js";
import { FRONT_PROBLEMS } from "./problems/catalogue.js";
import { rankSumTest } from "./rank-sum.js";
import { FRONT_SAMPLERS, type FrontResult, STEP, select } from "./record.js";

/** Numbers of trials under way of the record. */
export const FRONT_PARALLEL = [1, 8] as const;
/** Numbers of ended trials of the tables. */
const COUNTS = [50, 100];
/** Level of the test of a difference between two samplers. */
const SIGNIFICANCE = 0.05;
const NAMES = { sintonia: "Sintonia", gp: "Optuna GPSampler", nsga2: "Optuna NSGAIISampler" } as const;

/** Returns the text of the page. */
export function frontPage(results: readonly FrontResult[]): string {
  return `# Several objectives beside Optuna

Median hypervolume of the trials that keep all constraints, of Sintonia's Bayesian oracle and of Optuna 5.0.0's
GPSampler (qLogEHVI, and its constrained form) and NSGAIISampler with their defaults.
[model.md](model.md#several-objectives-and-limits) says what the oracle computes. The larger hypervolume is
better; the best median is bold. Behind each median is the number of studies with different seeds, and
[front.json](front.json) has each of them. So few studies leave small differences to chance. One function computes
the hypervolume of all three, with the reference points of the last table. All samplers get the same simulated
durations, log-normal(0, 0.5), and the next trial starts when one ends. NSGAIISampler's population has its default
of 50 trials, so that its first 50 trials are random.

![Median hypervolume over ended trials](front.svg)

Command: \`npm run -s bench:front -- --python PATH\`, with the packages of
\`benchmarks/front/requirements.txt\`. It measures the studies that the record lacks, 15 seeds for each case by
default. With \`--sampler\`, \`--problem\` or \`--parallel\`, several processes share the work.

${FRONT_PARALLEL.map((parallel) => section(results, parallel)).join("\n")}
## Suggestion time

Mean wall time of a suggestion over the 100 of a study, median over studies, in seconds. The machine had two
cores that other programs used too, and Optuna's process the lowest priority: read orders of magnitude.

${timeTable(results)}
## Problems

All objectives are minimised. ZDT, DTLZ2 and C2-DTLZ2 have six parameters. \`network\` is a table of real trainings
by Sintonia's own trainer: one to three equal hidden layers of 4 to 192 units, five learning rates and three batch
sizes. Each of the 540 combinations was trained once for three epochs on the first 10,000 digits of MNIST and
validated on 10,000 others. \`npm run -s bench:front:record\` made it; \`benchmarks/front/mnist-network.ndjson\` has
it. Its parameters are the places of these values in their order, whole numbers for every sampler, and 100 trials see
at most a fifth of it.

| problem | objectives | constraints | reference point | |
| --- | --- | --- | --- | --- |
${Object.entries(FRONT_PROBLEMS)
  .map(
    ([name, { objectives, constraints, reference, description }]) =>
      `| ${name} | ${objectives} | ${constraints} | ${reference.join(", ")} | ${description} |`,
  )
  .join("\n")}
`;
}

function section(results: readonly FrontResult[], parallel: number): string {
  const title = parallel === 1 ? "Sequential" : `${parallel} trials under way`;
  const head = COUNTS.flatMap((count) => FRONT_SAMPLERS.map((sampler) => `${NAMES[sampler]}, ${count}`));
  const rows = Object.keys(FRONT_PROBLEMS).map((problem) => {
    const cells = COUNTS.flatMap((count) => row(results, { problem, parallel, count }));
    return `| ${[problem, ...cells].join(" | ")} |`;
  });
  const line = (cells: readonly string[]) => `| ${cells.join(" | ")} |`;
  return [
    `## ${title}\n`,
    line(["problem", ...head]),
    line(["problem", ...head].map(() => "---")),
    ...rows,
    "",
    `${standing(results, parallel)}\n`,
    `${significance(results, parallel)}\n`,
  ].join("\n");
}

interface Cell {
  readonly problem: string;
  readonly parallel: number;
  readonly count: number;
}

/** Returns each sampler's hypervolumes and their median; undefined without studies. */
function samples(results: readonly FrontResult[], { problem, parallel, count }: Cell) {
  return FRONT_SAMPLERS.map((sampler) => {
    const volumes = select(results, { sampler, problem, parallel }).map(
      (study) => study.hypervolume[count / STEP - 1] as number,
    );
    return volumes.length === 0 ? undefined : { volumes, median: quantile(volumes, 0.5) };
  });
}

function row(results: readonly FrontResult[], cell: Cell): string[] {
  const all = samples(results, cell);
  const best = Math.max(...all.map((one) => one?.median ?? Number.NEGATIVE_INFINITY));
  return all.map((one) => {
    if (one === undefined) return "not run";
    const text = one.median >= 1000 ? one.median.toFixed(0) : one.median.toFixed(4);
    return `${one.median === best && best > 0 ? `**${text}**` : text} (${one.volumes.length})`;
  });
}

/** Says on how many problems Sintonia's median is at or above the best peer's. */
function standing(results: readonly FrontResult[], parallel: number): string {
  const facts = COUNTS.map((count) => {
    const compared = Object.keys(FRONT_PROBLEMS).flatMap((problem) => {
      const [own, gp, nsga2] = samples(results, { problem, parallel, count });
      return own === undefined || gp === undefined || nsga2 === undefined ? [] : [{ own, gp, nsga2 }];
    });
    const ahead = compared.filter(({ own, gp, nsga2 }) => own.median >= Math.max(gp.median, nsga2.median));
    return `${ahead.length} of ${compared.length} problems after ${count} trials`;
  });
  return `Sintonia's median is at or above that of both others on ${facts.join(", and on ")} where all three were run.`;
}

/** Says on how many problems either sampler is better than the other by more than chance. */
function significance(results: readonly FrontResult[], parallel: number): string {
  const facts = COUNTS.map((count) => {
    const isAhead = Object.keys(FRONT_PROBLEMS).flatMap((problem) => {
      const [own, gp] = samples(results, { problem, parallel, count });
      const isChance = own === undefined || gp === undefined || rankSumTest(own.volumes, gp.volumes) >= SIGNIFICANCE;
      return isChance ? [] : [own.median > gp.median];
    });
    const ahead = isAhead.filter(Boolean).length;
    return `on ${ahead} problems after ${count} trials, and GPSampler on ${isAhead.length - ahead}`;
  });
  return `By the test of Mann and Whitney at the level of 5 %, Sintonia is better than GPSampler ${facts.join("; ")}.`;
}

function timeTable(results: readonly FrontResult[]): string {
  const rows = Object.keys(FRONT_PROBLEMS).flatMap((problem) =>
    FRONT_PARALLEL.map((parallel) => {
      const cells = FRONT_SAMPLERS.map((sampler) => {
        const seconds = select(results, { sampler, problem, parallel }).map((study) => study.secondsPerSuggestion);
        return seconds.length === 0 ? "not run" : quantile(seconds, 0.5).toFixed(2);
      });
      return `| ${[problem, parallel, ...cells].join(" | ")} |`;
    }),
  );
  const names = FRONT_SAMPLERS.map((sampler) => NAMES[sampler]).join(" | ");
  return `| problem | under way | ${names} |\n| --- | --- | --- | --- | --- |\n${rows.join("\n")}\n`;
}
