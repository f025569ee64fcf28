import { limitText } from "@sintonia/coordinator/core/budget/limits";
import { BUDGET_EPOCHS_MAX, BUDGET_TRIALS_MAX, LIMIT_SCHEMAS } from "@sintonia/tuning/spec/schema";
import type { SearchLimit } from "@sintonia/tuning/spec/study-spec";
import { type Command, InvalidArgumentError } from "commander";
import { resultsDocument } from "../../study/documents/results.js";
import { UsageError } from "../../system/usage-error.js";
import { type CommandContext, printResult } from "../context.js";
import { addConnectionOptions, addStudyArgument, type ConnectionOptions, integerFrom } from "../options.js";
import { callOf } from "./steer.js";

interface ExtendOptions extends ConnectionOptions {
  readonly trials?: number;
  readonly maxEpochs?: number;
  readonly maxSeconds?: number;
  readonly maxTrainerSeconds?: number;
  readonly minImprovement?: number;
  readonly maxGap?: number;
}

const HELP = `
A study that has completed or was stopped goes on with all its results. If it then chooses another trial, its test split
is read once more, and the results say so: the second figure is of a model that was chosen after the first was known. A
study that has failed, or was imported, is not extended: a new study keeps its results with --warm-start, and reads the
test split for a choice of its own. "sintonia run SPEC --dir DIR --trials N" extends the study of a run that has ended.

Every limit that the spec gives can grow, and all that are spent must grow: a study that ended with its budget of epochs
needs more epochs.

Examples:
  $ sintonia extend my-study --trials 100
  $ sintonia extend my-study --max-epochs 1000
  $ sintonia show my-study --json > results.json            a new study may learn from the results
  $ sintonia create my-study.yaml --id my-study-2 --warm-start results.json`;

/** Adds the command `extend`. */
export function addExtend(command: Command, context: CommandContext): void {
  addStudyArgument(command)
    .description("Give a study a larger budget, also after its end. Safe to repeat.")
    .option("--trials <N>", "new largest number of trials", integerFrom(1, BUDGET_TRIALS_MAX))
    .option("--max-epochs <N>", "new budget.maxEpochs", integerFrom(1, BUDGET_EPOCHS_MAX))
    .option("--max-seconds <S>", "new budget.maxSeconds", numberOf("maxSeconds"))
    .option("--max-trainer-seconds <S>", "new budget.maxTrainerSeconds", numberOf("maxTrainerSeconds"))
    .option("--min-improvement <X>", "new budget.minImprovement, below the present one", numberOf("minImprovement"))
    .option("--max-gap <X>", "new budget.maxGap, below the present one", numberOf("maxGap"))
    .addHelpText("after", HELP);
  addConnectionOptions(command).action((name: string | undefined, options: ExtendOptions) =>
    extend(name, options, context),
  );
}

/** Returns the parser of a limit that is no integer. */
function numberOf(limit: "maxSeconds" | "maxTrainerSeconds" | "minImprovement" | "maxGap") {
  return (text: string): number => {
    const checked = LIMIT_SCHEMAS[limit].safeParse(text.trim() === "" ? Number.NaN : Number(text));
    if (checked.success) return checked.data;
    throw new InvalidArgumentError(`expected ${checked.error.issues[0]?.message}`);
  };
}

async function extend(name: string | undefined, options: ExtendOptions, context: CommandContext): Promise<void> {
  const { trials, maxEpochs, maxSeconds, maxTrainerSeconds, minImprovement, maxGap } = options;
  const wanted = { maxTrials: trials, maxEpochs, maxSeconds, maxTrainerSeconds, minImprovement, maxGap };
  const limits = Object.fromEntries(Object.entries(wanted).filter(([, value]) => value !== undefined));
  if (Object.keys(limits).length === 0) {
    throw new UsageError("name at least one limit to extend, for example --trials");
  }
  const { found, answer } = await callOf(name, options, context, async (client, { id: studyId }) => {
    return (await client.extendStudy({ studyId, ...limits })).study;
  });
  const { study } = resultsDocument(answer ?? found, []);
  const all = { maxTrials: { max: study.maxTrials }, ...study.budget };
  const texts = Object.entries(all).map(([limit, { max }]) => limitText(limit as SearchLimit, max));
  const lines = [`Study ${study.id} is ${study.state} and may have ${texts.join(", ")}.`];
  printResult(context, options, { document: study, lines });
}
