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
Shares of the variance of what the model expects over the space: of a parameter alone, and with all its interactions. Values
worse than the median over the space count as the median, for they often differ by orders of magnitude and would hide what
matters among good ones.

Example:
  $ sintonia importance mnist-init`;

export function addImportance(program: Command, context: CommandContext): void {
  const command = program
    .command("importance")
    .argument("<STUDY>", "id of the study")
    .summary("show how much each parameter matters")
    .description("Show how much each parameter matters, by the trials completed so far.")
    .option("--whole-space", "tell bad values apart too")
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

/** What `importance --json` prints. Field names are part of the command's interface. */
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
