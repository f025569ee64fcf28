// Measures how well the display's time left foresees the end of studies with pruners.

import { writeFileSync } from "node:fs";
import { prunerSchema } from "@sintonia/tuning/pruner/contract/schema";
import { createPruner } from "@sintonia/tuning/pruner/registry";
import { Command } from "commander";
import { positiveInteger } from "../../options/positive-integer.js";
import { replaysOf } from "../replay/measure.js";
import { isReplayed, type RecordedSet, readSets } from "../replay/recorded-set.js";
import { replayStudy } from "../replay/replayed-study.js";
import { accuracyOf, type Course } from "./accuracy.js";
import { displayedStudy } from "./displayed-study.js";
import { EstimatedStudy } from "./estimates.js";

const PRUNERS = ["none", "median", "asha", "hyperband", "curve"];
const TRAINERS = [1, 4];

const { replays, out } = new Command("bench:time-left")
  .description("Compares the time left that a display shows with the end of replayed studies.")
  .option("--replays <n>", "studies of each set", positiveInteger, 100)
  .option("--out <file>", "page to write", "docs/pruning/time-left.md")
  .parse()
  .opts<{ replays: number; out: string }>();

function coursesOf(set: RecordedSet, trainers: number, name: string): Course[] {
  const settings = prunerSchema.parse(name);
  const pruner = createPruner(settings);
  const displayed = displayedStudy(set, settings);
  return replaysOf({ set, trainers, trials: set.budget, replays }).map((replay) => {
    const study = new EstimatedStudy(replay, displayed);
    const { seconds } = replayStudy(replay, pruner, (moment) => study.note(moment));
    return { estimates: study.estimates, seconds };
  });
}

function rowOf(set: RecordedSet, trainers: number, pruner: string): string {
  const { whole, left, informed } = accuracyOf(coursesOf(set, trainers, pruner));
  const shares = [whole, informed, left].map((share) => `${(100 * share).toFixed(0)} %`);
  return `| ${[set.name, trainers, pruner, ...shares].join(" | ")} |`;
}

const rows = readSets()
  .filter(isReplayed)
  .flatMap((set) => TRAINERS.flatMap((trainers) => PRUNERS.map((pruner) => rowOf(set, trainers, pruner))));

writeFileSync(
  out,
  `# The time left of studies with pruners

The time left that the page and the terminal show, in ${replays} studies of each set, replayed from recorded
trials as in [replays.md](replays.md). An estimate after each epoch from a third of the study's time on, compared with
the time that the study still took. An epoch takes its recorded time, and there is no pause between trials.

- **of the whole time**: share of the estimates that differ by at most 25 % of the study's whole time.
- **informed**: the same of a forecast that knows how long the other 99 studies took, which no display can know: at
  each moment, the median of those that took longer than the time so far.
- **of the time left**: share of the estimates that differ by at most 25 % of the time left itself.

The estimate plays the rest of the study: free trainers take the next trial, rungs let pass as many trials as their
pruner would, and early stopping ends a training after its best epoch. New best epochs become rarer with the number of
epochs; they stay likely for longer where an epoch moves the weights little (learning rate times updates). Under
\`median\`, a trial that is not judged yet is expected to train on until it is.

Chance sets the limit: most of the time of a study with rungs is the training of one trial, which takes 31 to 100 epochs
of mnist-init, and the trials of mnist-architecture differ in time by a factor of 51. digits-program states its 50
epochs; a program that states none has no estimate with rungs before a trial has completed.

Command: \`npm run -s bench:time-left\`.

| set | trainers | pruner | of the whole time | informed | of the time left |
| --- | --- | --- | --- | --- | --- |
${rows.join("\n")}
`,
);
