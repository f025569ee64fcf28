import { BUDGET_TRIALS_MAX } from "@sintonia/tuning/spec/schema";
import type { Command } from "commander";
import { resultsDocument } from "../../study/documents/results.js";
import { type CommandContext, printResult } from "../context.js";
import { addConnectionOptions, addStudyArgument, type ConnectionOptions, integerFrom } from "../options.js";
import { callOf } from "./steer.js";

interface ExtendOptions extends ConnectionOptions {
  readonly trials: number;
}

const HELP = `
A study that has completed or was stopped goes on with all its results. If it then chooses another trial, its test split
is read once more, and the results say so: the second figure is of a model that was chosen after the first was known. A
study that has failed, or was imported, is not extended: a new study keeps its results with --warm-start, and reads the
test split for a choice of its own. "sintonia run SPEC --dir DIR --trials N" extends the study of a run that has ended.

Examples:
  $ sintonia extend my-study --trials 100
  $ sintonia show my-study --json > results.json            a new study may learn from the results
  $ sintonia create my-study.yaml --id my-study-2 --warm-start results.json`;

/** Adds the command `extend`. */
export function addExtend(command: Command, context: CommandContext): void {
  addStudyArgument(command)
    .description("Give a study a larger budget of trials, also after its end. Safe to repeat.")
    .requiredOption("--trials <N>", "new largest number of trials", integerFrom(1, BUDGET_TRIALS_MAX))
    .addHelpText("after", HELP);
  addConnectionOptions(command).action((name: string | undefined, options: ExtendOptions) =>
    extend(name, options, context),
  );
}

async function extend(name: string | undefined, options: ExtendOptions, context: CommandContext): Promise<void> {
  const { found, answer } = await callOf(name, options, context, async (client, { id: studyId }) => {
    return (await client.extendStudy({ studyId, maxTrials: options.trials })).study;
  });
  const { study } = resultsDocument(answer ?? found, []);
  const lines = [`Study ${study.id} is ${study.state} and may have ${study.maxTrials} trials.`];
  printResult(context, options, { document: study, lines });
}
