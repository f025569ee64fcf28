import type { AdminServiceClient } from "@sintonia/proto/sintonia/v1/admin";
import type { Trial } from "@sintonia/proto/sintonia/v1/study";
import type { Command } from "commander";
import { studyDetails } from "../../display/report/study-table.js";
import { resultsDocument } from "../../study/documents/results.js";
import { type CommandContext, printResult } from "../context.js";
import { addConnectionOptions, addStudyArgument, type ConnectionOptions } from "../options.js";
import { requireStudy, withStudies } from "./connection.js";

const HELP = `
Examples:
  $ sintonia show my-study
  $ sintonia show --dir runs/mnist-init     the only study of a run folder, during the run and after its end
  $ sintonia show my-study --json > my-study.json
  $ sintonia create other.yaml --warm-start my-study.json`;

/** Adds the command `show`. */
export function addShow(command: Command, context: CommandContext): void {
  addStudyArgument(command)
    .description("Show the present state of a study and a table of its trials.")
    .addHelpText("after", HELP);
  addConnectionOptions(command).action((name: string | undefined, options: ConnectionOptions) =>
    show(name, options, context),
  );
}

async function readTrials(client: AdminServiceClient, studyId: string): Promise<readonly Trial[]> {
  const trials: Trial[] = [];
  let pageToken = "";
  do {
    const page = await client.listTrials({ studyId, withMeasurements: false, pageToken });
    trials.push(...page.trials);
    pageToken = page.nextPageToken;
  } while (pageToken !== "");
  return trials;
}

async function show(name: string | undefined, options: ConnectionOptions, context: CommandContext): Promise<void> {
  const { study, trials } = await withStudies(options, context, async ({ client }) => {
    const found = await requireStudy(client, name, options);
    return { study: found, trials: await readTrials(client, found.id) };
  });
  const lines = studyDetails(study, trials, new Date());
  printResult(context, options, { document: resultsDocument(study, trials), lines });
}
