// The page of the replays: a table for each set, and the targets of the pruner curve.

import type { Estimate, PrunerResult } from "../replay/measure.js";
import { isReplayed, type RecordedSet } from "../replay/recorded-set.js";

const COMMAND = "npm run -s bench:pruners";
/** Half-width of a 95 % interval, in standard errors. */
const INTERVAL = 1.96;
/** Share of the epochs that curve is to save on the lab sheet's MNIST experiment. */
const SAVED_TARGET = 0.6;
/** Rows of MNIST's validation and test splits. */
const ROWS = 10_000;

/** Formats the page. */
export function replaysPage(results: readonly PrunerResult[], sets: readonly RecordedSet[]): string {
  const placeOf = ({ set, trainers }: PrunerResult) => `${set} ${trainers}`;
  const places = [...new Set(results.map(placeOf))];
  const tables = places.map((place) => table(results.filter((result) => placeOf(result) === place)));
  return `${[head(results), recordedTable(sets), ...tables, targets(results)].join("\n\n")}\n`;
}

function head(results: readonly PrunerResult[]): string {
  const replays = Math.max(...results.map((result) => result.replays));
  return `# Pruners on recorded learning curves

Studies replayed from real trials, each trained once to its end (\`benchmarks/curves\`). A study draws as many trials
from a set as its spec's budget has, in a random order. All pruners replay the same ${replays} studies of each set,
with one trainer and with four; an epoch takes its recorded time.

- **Epochs** and **time**: shares of those of the same study without a pruner.
- **Regret**: true accuracy of the best trial of the study minus that of the chosen trial, in percentage points. The
  chosen trial is the completed one with the best validation accuracy. The true accuracy is the test accuracy,
  smoothed over the parameters by a Gaussian process.
- **Extra**: regret minus that of the same study without a pruner, with its 95 % interval over the replays. The
  replays draw from one set, so the intervals do not contain the chance of which trials were recorded.

In italics: peers with their default settings, Optuna 5.0 and Ray 2.60. Their studies report an epoch's accuracy, and
Ray may choose a stopped trial, whose accuracy is that of its whole training. "One epoch, best 3 go on" is the
baseline of Egele, Mohr, Viering, Balaprakash 2024 (i-Epoch). The trials are drawn at random: the page does not measure
what an oracle makes of pruned trials.

\`${COMMAND} -- --python PATH\` writes this page, \`replays.json\` and the picture; without \`--python\` the peers stay.

![Extra regret over epochs](replays.svg)`;
}

function recordedTable(sets: readonly RecordedSet[]): string {
  const rows = sets.map(
    (set) => `| ${set.name} | ${set.trials.length} | ${set.budget} | ${isReplayed(set) ? "yes" : "too few"} |`,
  );
  return `## Recorded trials

The aim is 200 trials of each set. A set with fewer than 1.5 times the trials of a study is not replayed.

| set | recorded | trials of a study | replayed |
| --- | --- | --- | --- |
${rows.join("\n")}`;
}

function table(results: readonly PrunerResult[]): string {
  const [{ set, trainers, trials, recorded }] = results as [PrunerResult];
  const who = trainers === 1 ? "one trainer" : `${trainers} trainers`;
  const most = Math.max(...results.map(({ replays }) => replays));
  const rows = results.toSorted((a, b) => a.epochs.mean - b.epochs.mean).map((result) => row(result, most));
  return `## ${set}, ${who}

${trials} trials a study, drawn from ${recorded}.

| pruner | epochs, % | time, % | completed | regret | extra |
| --- | --- | --- | --- | --- | --- |
${rows.join("\n")}`;
}

function row({ pruner, replays, epochs, time, completed, regret, extraRegret }: PrunerResult, most: number): string {
  const name = nameOf(pruner) + (replays < most ? ` (${replays} studies)` : "");
  const shares = [epochs, time].map(({ mean }) => (100 * mean).toFixed(1));
  const cells = [name, ...shares, completed.toFixed(1), points(regret.mean), interval(extraRegret)];
  return `| ${cells.join(" | ")} |`;
}

function nameOf(pruner: string): string {
  if (isPeer(pruner)) return `*${pruner}*`;
  return pruner === "curve" ? `**${pruner}**` : pruner;
}

/** Returns true for a pruner of another system: their names begin with the system's, a capital. */
function isPeer(pruner: string): boolean {
  return /^[A-Z]/.test(pruner);
}

function points(accuracy: number): string {
  return (100 * accuracy).toFixed(3);
}

function interval({ mean, standardError }: Estimate): string {
  return `${points(mean)} ± ${points(INTERVAL * standardError)}`;
}

function targets(results: readonly PrunerResult[]): string {
  const sheet = results.filter(({ set, pruner }) => set === "mnist-init" && pruner === "curve").map(sheetLine);
  const verdicts = results.filter(({ pruner }) => pruner === "curve").map(verdictRow);
  const compared = results.filter(({ pruner }) => pruner === "curve").flatMap((curve) => comparison(curve, results));
  return `## Targets of curve

${sheet.join("\n")}
- Never worse than asha and median in epochs at equal regret. Shown is the cheapest setting of curve that has no more
  regret: more \`finalists\` cost epochs and choose better. A regret is more where the 95 % interval of the difference
  of the means, without the pairing of the studies, lies above 0:

| set | trainers | against | setting | epochs, % | its epochs, % | regret | its regret | met |
| --- | --- | --- | --- | --- | --- | --- | --- | --- |
${compared.join("\n")}

Trials that curve ended or left waiting. A verdict by risk ends a trial whose chance to end significantly better than
the best completed one is below 1 %; a trial meets one at nearly every epoch. A trial that waits at a rung in the end
had no such verdict: others were better at the rung. "Beyond" counts pruned trials whose whole recorded curve ended
beyond the limit of the verdict. It also counts waiting trials whose whole curve ended significantly better than the
chosen trial's: by more than 1.96 √2 standard errors of a share of the validation rows.

| set | trainers | pruned by risk | beyond | waited in the end | beyond |
| --- | --- | --- | --- | --- | --- |
${verdicts.join("\n")}`;
}

function verdictRow({ set, trainers, ...counts }: PrunerResult): string {
  const { pruned = 0, beyondLimit = 0, waiting = 0, waitingBetter = 0 } = counts;
  const cells = [pruned, withShare(beyondLimit, pruned), waiting, withShare(waitingBetter, waiting)];
  return `| ${[set, trainers, ...cells].join(" | ")} |`;
}

function withShare(count: number, total: number): string {
  return total === 0 ? String(count) : `${count} (${((100 * count) / total).toFixed(1)} %)`;
}

function sheetLine({ trainers, epochs, extraRegret }: PrunerResult): string {
  const saved = 1 - epochs.mean;
  const noise = Math.sqrt((0.985 * 0.015) / ROWS);
  const verdict = saved >= SAVED_TARGET ? "met" : `missed by ${(100 * (SAVED_TARGET - saved)).toFixed(1)} points`;
  const within = extraRegret.mean + INTERVAL * extraRegret.standardError <= noise ? "within" : "beyond";
  const who = trainers === 1 ? "one trainer" : `${trainers} trainers`;
  return `- At least 60 % of the epochs saved on mnist-init with ${who}: ${(100 * saved).toFixed(1)} %, ${verdict}.
  Extra regret ${interval(extraRegret)}, ${within} the noise of one accuracy, ${points(noise)}.`;
}

/** Compares the cheapest setting of curve whose regret is not larger with another pruner. */
function comparison({ set, trainers }: PrunerResult, results: readonly PrunerResult[]): string[] {
  const here = results.filter((result) => result.set === set && result.trainers === trainers);
  const settings = here
    .filter(({ pruner }) => pruner.startsWith("curve"))
    .toSorted((a, b) => a.epochs.mean - b.epochs.mean);
  return ["asha", "median"].flatMap((name) => {
    const other = here.find(({ pruner }) => pruner === name);
    if (other === undefined) return [];
    const equal = settings.find((setting) => !hasMoreRegret(setting, other));
    const shown = equal ?? (settings.at(-1) as PrunerResult);
    const met = equal === undefined ? "more regret" : equal.epochs.mean <= other.epochs.mean ? "yes" : "no";
    const shares = [shown, other].map(({ epochs }) => (100 * epochs.mean).toFixed(1));
    const regrets = [shown, other].map(({ regret }) => points(regret.mean));
    return [`| ${[set, trainers, name, shown.pruner, ...shares, ...regrets, met].join(" | ")} |`];
  });
}

function hasMoreRegret(one: PrunerResult, other: PrunerResult): boolean {
  const error = Math.hypot(one.regret.standardError, other.regret.standardError);
  return one.regret.mean - other.regret.mean > INTERVAL * error;
}
