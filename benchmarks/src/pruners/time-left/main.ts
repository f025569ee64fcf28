// Measures how well the display's time left foresees the end of studies with pruners.

import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { prunerSchema } from "@sintonia/tuning/pruner/contract/schema";
import { createPruner } from "@sintonia/tuning/pruner/registry";
import { parseStudySpec } from "@sintonia/tuning/spec/check/parse";
import { specToJson } from "@sintonia/tuning/spec/json";
import { Command } from "commander";
import { positiveInteger } from "../../options/positive-integer.js";
import { replaysOf } from "../replay/measure.js";
import { isReplayed, type RecordedSet, readSets } from "../replay/recorded-set.js";
import { replayStudy } from "../replay/replayed-study.js";
import { EstimatedStudy } from "./estimates.js";

const PRUNERS = ["none", "median", "asha", "hyperband", "curve"];
const TRAINERS = [1, 4];
const EXPERIMENTS = fileURLToPath(new URL("../../../../experiments/", import.meta.url));

const { replays, out } = new Command("bench:time-left")
  .description("Compares the time left that a display shows with the end of replayed studies.")
  .option("--replays <n>", "studies of each set", positiveInteger, 100)
  .option("--out <file>", "page to write", "docs/pruning/time-left.md")
  .parse()
  .opts<{ replays: number; out: string }>();

/** Returns the spec of a set's studies as the display knows it. */
function specJsonOf({ name, statedRows }: RecordedSet, pruner: string): string {
  const settings = prunerSchema.parse(pruner);
  if (statedRows === undefined) return JSON.stringify({ pruner: settings });
  const result = parseStudySpec(readFileSync(join(EXPERIMENTS, `${name}.yaml`), "utf8"));
  if (!result.ok) throw new Error(`${name} is no spec`);
  return JSON.stringify({ ...specToJson(result.spec), pruner: settings });
}

/** Returns the shares of estimates, one for each epoch from a third of the time on, within 25 %. */
function sharesWithin(set: RecordedSet, trainers: number, name: string): { whole: number; left: number } {
  const pruner = createPruner(prunerSchema.parse(name));
  const errors = replaysOf({ set, trainers, trials: set.budget, replays }).flatMap((replay) => {
    const study = new EstimatedStudy(replay, specJsonOf(set, name));
    const { seconds } = replayStudy(replay, pruner, (moment) => study.note(moment));
    return study.estimates
      .filter(({ at }) => at >= seconds / 3 && at < seconds)
      .map(({ at, left = Number.POSITIVE_INFINITY }) => ({ error: Math.abs(left - (seconds - at)), at, seconds }));
  });
  const share = (of: (moment: { readonly at: number; readonly seconds: number }) => number) =>
    errors.filter((moment) => moment.error <= 0.25 * of(moment)).length / errors.length;
  return { whole: share(({ seconds }) => seconds), left: share(({ at, seconds }) => seconds - at) };
}

const rows = readSets()
  .filter(isReplayed)
  .flatMap((set) =>
    TRAINERS.flatMap((trainers) =>
      PRUNERS.map((pruner) => {
        const { whole, left } = sharesWithin(set, trainers, pruner);
        const percent = (share: number) => `${(100 * share).toFixed(0)} %`;
        return `| ${set.name} | ${trainers} | ${pruner} | ${percent(whole)} | ${percent(left)} |`;
      }),
    ),
  );

writeFileSync(
  out,
  `# The time left of studies with pruners

The time left that the page and the terminal show, in ${replays} studies of each set, replayed from recorded
trials as in [replays.md](replays.md). An estimate after each epoch from a third of the study's time on, compared with
the time that the study still took. An epoch takes its recorded time, and there is no pause between trials.

- **of the whole time**: share of the estimates that differ by at most 25 % of the study's whole time.
- **of the time left**: share of the estimates that differ by at most 25 % of the time left itself.

Under \`asha\` and \`curve\`, most of the time is the training of one trial that goes on to its end, when no other has
completed. The estimate knows the rungs and expects an end by early stopping. It expects 25 epochs of fashion-init,
whose low learning rate goes on improving for 63. The trials of mnist-architecture differ in time by a factor of 45, so
that those of a third of a study say little about the others. digits-program states its 50 epochs; a program that
states none has no estimate with rungs before a trial has completed.

Command: \`npm run -s bench:time-left\`.

| set | trainers | pruner | of the whole time | of the time left |
| --- | --- | --- | --- | --- |
${rows.join("\n")}
`,
);
