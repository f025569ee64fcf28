import type { Command } from "commander";
import { setAsideLines, studyTable } from "../../display/report/study-table.js";
import { listing } from "../../study/all-studies.js";
import { resultsDocument } from "../../study/documents/results.js";
import { type CommandContext, outputLayout, printResult } from "../context.js";
import { addConnectionOptions, type ConnectionOptions } from "../options.js";
import { withStudies } from "./connection.js";

const HELP = `
Examples:
  $ sintonia list
  $ sintonia list --dir runs/mnist-init     the studies of a run folder
  $ sintonia list --json`;

/** Adds the command `list`. */
export function addList(command: Command, context: CommandContext): void {
  command.description("List every study, oldest first.").addHelpText("after", HELP);
  addConnectionOptions(command).action((options: ConnectionOptions) => list(options, context));
}

async function list(options: ConnectionOptions, context: CommandContext): Promise<void> {
  const { studies, setAside } = await withStudies(options, context, ({ client }) => listing(client));
  const document = { studies: studies.map((study) => resultsDocument(study, []).study), setAside };
  const layout = outputLayout(context, options);
  const lines = [...studyTable(studies, layout), ...setAsideLines(setAside, layout)];
  printResult(context, options, { document, lines });
}
