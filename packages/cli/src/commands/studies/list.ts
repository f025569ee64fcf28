import type { Command } from "commander";
import { studyTable } from "../../display/report/study-table.js";
import { resultsDocument } from "../../study/documents/results.js";
import { type CommandContext, printResult } from "../context.js";
import { addReadingOptions, type ReadingOptions } from "../options.js";
import { withStudies } from "./connection.js";

/** Adds the command `list`. */
export function addList(program: Command, context: CommandContext): void {
  const command = program.command("list").summary("list the studies").description("List every study, oldest first.");
  addReadingOptions(command).action((options: ReadingOptions) => list(options, context));
}

async function list(options: ReadingOptions, context: CommandContext): Promise<void> {
  const { studies } = await withStudies(options, context, (client) => client.listStudies({}));
  const document = { studies: studies.map((study) => resultsDocument(study, []).study) };
  printResult(context, options, { document, lines: studyTable(studies) });
}
