import type { GetImportanceResponse } from "@sintonia/proto/sintonia/v1/admin";
import type { Command } from "commander";
import { importanceLines } from "../../display/report/importance.js";
import { type CommandContext, outputLayout, printResult, whileWorking } from "../context.js";
import { addConnectionOptions, addStudyArgument, type ConnectionOptions } from "../options.js";
import { requireStudy, withStudies } from "./connection.js";

interface ImportanceOptions extends ConnectionOptions {
  readonly wholeSpace?: boolean;
}

const HELP = `
The shares are parts of the variance of the surrogate's expected objective over the search space: ALONE for a parameter
by itself, TOTAL with all its interactions. Expected objectives worse than the median over the space count as the
median. Bad objectives often differ by orders of magnitude and would hide the differences among good ones.

Examples:
  $ sintonia importance mnist-init
  $ sintonia importance --dir runs/mnist-init --whole-space`;

/** Adds the command `importance`. */
export function addImportance(command: Command, context: CommandContext): void {
  addStudyArgument(command)
    .description("Show how much each parameter matters, estimated from the trials completed so far.")
    .option("--whole-space", "distinguish objectives worse than the median too")
    .addHelpText("after", HELP);
  addConnectionOptions(command).action((name: string | undefined, options: ImportanceOptions) =>
    importance(name, options, context),
  );
}

async function importance(
  name: string | undefined,
  options: ImportanceOptions,
  context: CommandContext,
): Promise<void> {
  const { study, response } = await withStudies(options, context, async ({ client }) => {
    const found = await requireStudy(client, name, options);
    const wholeSpace = options.wholeSpace === true;
    const response = await whileWorking(context, options, "estimating the importance of the parameters", () =>
      client.getImportance({ studyId: found.id, wholeSpace }),
    );
    return { study: found, response };
  });
  printResult(context, options, {
    document: importanceDocument(study.id, study.objectiveMetric, response),
    lines: importanceLines(study.objectiveMetric, response, outputLayout(context, options)),
  });
}

/**
 * Returns the document that `importance --json` prints. Field names are part of the command-line
 * interface.
 */
export function importanceDocument(study: string, metric: string, response: GetImportanceResponse): object {
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
