import type { Command } from "commander";
import { studyTable } from "../display/study-table.js";
import { resultsDocument } from "../study/results.js";
import { withCoordinator } from "./connection.js";
import { type CommandContext, printResult } from "./context.js";
import { addConnectionOptions, type ConnectionOptions } from "./options.js";

export function addList(program: Command, context: CommandContext): void {
  const command = program.command("list").summary("list the studies").description("List every study, oldest first.");
  addConnectionOptions(command).action((options: ConnectionOptions) => list(options, context));
}

async function list(options: ConnectionOptions, context: CommandContext): Promise<void> {
  const { studies } = await withCoordinator(options.coordinator, (client) => client.listStudies({}));
  const document = { studies: studies.map((study) => resultsDocument(study, []).study) };
  printResult(context, options, { document, lines: studyTable(studies) });
}
