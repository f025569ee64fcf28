import type { AdminServiceClient } from "@sintonia/proto/sintonia/v1/admin";
import type { Study, Trial } from "@sintonia/proto/sintonia/v1/study";
import type { Command } from "commander";
import { studyDetails } from "../../display/report/study-table.js";
import { resultsDocument } from "../../study/documents/results.js";
import { type CommandContext, printResult } from "../context.js";
import { addReadingOptions, type ReadingOptions } from "../options.js";
import { withStudies } from "./connection.js";

/** Adds the command `show`. */
export function addShow(program: Command, context: CommandContext): void {
  const command = program
    .command("show")
    .argument("<STUDY>", "id of the study")
    .summary("show a study and its trials")
    .description("Show the present state of a study and a table of its trials.");
  addReadingOptions(command).action((studyId: string, options: ReadingOptions) => show(studyId, options, context));
}

/** Reads a study and all its trials. @throws {ClientError} NOT_FOUND if there is no such study */
async function readStudy(
  client: AdminServiceClient,
  studyId: string,
): Promise<{ readonly study: Study; readonly trials: readonly Trial[] }> {
  const { study } = await client.getStudy({ studyId });
  if (study === undefined) throw new Error("the coordinator answered without a study");
  const trials: Trial[] = [];
  let pageToken = "";
  do {
    const page = await client.listTrials({ studyId, withMeasurements: false, pageToken });
    trials.push(...page.trials);
    pageToken = page.nextPageToken;
  } while (pageToken !== "");
  return { study, trials };
}

async function show(studyId: string, options: ReadingOptions, context: CommandContext): Promise<void> {
  const { study, trials } = await withStudies(options, context, (client) => readStudy(client, studyId));
  const lines = studyDetails(study, trials, new Date());
  printResult(context, options, { document: resultsDocument(study, trials), lines });
}
