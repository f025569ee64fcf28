import type { GetImportanceResponse } from "@sintonia/proto/sintonia/v1/admin";
import type { Command } from "commander";
import { importanceLines } from "../../display/report/importance.js";
import { type CommandContext, printResult } from "../context.js";
import { addReadingOptions, type ReadingOptions } from "../options.js";
import { withStudies } from "./connection.js";

interface ImportanceOptions extends ReadingOptions {
  readonly wholeSpace?: boolean;
}

const HELP = `
The shares are parts of the variance of the surrogate's expected objective over the search space: ALONE for a parameter
by itself, TOTAL with all its interactions. Expected objectives worse than the median over the space count as the
median. Bad objectives often differ by orders of magnitude and would hide the differences among good ones.

Example:
  $ sintonia importance mnist-init`;

/** Adds the command `importance`. */
export function addImportance(program: Command, context: CommandContext): void {
  const command = program
    .command("importance")
    .argument("<STUDY>", "id of the study")
    .summary("show how much each parameter matters")
    .description("Show how much each parameter matters, estimated from the trials completed so far.")
    .option("--whole-space", "distinguish objectives worse than the median too")
    .addHelpText("after", HELP);
  addReadingOptions(command).action((studyId: string, options: ImportanceOptions) =>
    importance(studyId, options, context),
  );
}

async function importance(studyId: string, options: ImportanceOptions, context: CommandContext): Promise<void> {
  const { study, response } = await withStudies(options, context, async (client) => ({
    study: (await client.getStudy({ studyId })).study,
    response: await client.getImportance({ studyId, wholeSpace: options.wholeSpace === true }),
  }));
  const metric = study?.objectiveMetric ?? "objective";
  printResult(context, options, {
    document: importanceDocument(studyId, metric, response),
    lines: importanceLines(metric, response),
  });
}

/**
 * Returns the document that `importance --json` prints. Field names are part of the command-line
 * interface.
 */
function importanceDocument(study: string, metric: string, response: GetImportanceResponse): object {
  const { parameters, pairs, observations, sd, noise, cap } = response;
  return {
    study,
    metric,
    observations,
    parameters: parameters.map(({ parameter, firstOrder, total }) => ({ parameter, alone: firstOrder, total })),
    pairs: pairs.map(({ first, second, interaction }) => ({ parameters: [first, second], interaction })),
    sd,
    noise,
    cap: cap ?? null,
  };
}
