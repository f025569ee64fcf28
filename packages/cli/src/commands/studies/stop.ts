import type { Command } from "commander";
import { resultsDocument } from "../../study/documents/results.js";
import { type CommandContext, printResult } from "../context.js";
import { addConnectionOptions, type ConnectionOptions } from "../options.js";
import { withCoordinator } from "./connection.js";

interface StopOptions extends ConnectionOptions {
  readonly reason: string;
}

export function addStop(program: Command, context: CommandContext): void {
  const command = program
    .command("stop")
    .argument("<STUDY>", "id of the study")
    .summary("stop a study")
    .description("Take no more trials and cancel those under way; the best completed one is evaluated. Safe to repeat.")
    .option("--reason <TEXT>", "why, for the record", "stopped by a person");
  addConnectionOptions(command).action((studyId: string, options: StopOptions) => stop(studyId, options, context));
}

async function stop(studyId: string, options: StopOptions, context: CommandContext): Promise<void> {
  const { study } = await withCoordinator(options.coordinator, (client) =>
    client.stopStudy({ studyId, reason: options.reason }),
  );
  if (study === undefined) throw new Error("the coordinator answered without a study");
  const document = resultsDocument(study, []).study;
  printResult(context, options, { document, lines: [`Study ${studyId} is ${document.state}.`] });
}
