import type { Command } from "commander";
import { resultsDocument } from "../../study/documents/results.js";
import { type CommandContext, printResult } from "../context.js";
import { addConnectionOptions, type ConnectionOptions } from "../options.js";
import { withCoordinator } from "./connection.js";

interface StopOptions extends ConnectionOptions {
  readonly reason: string;
}

/** Adds the command `stop`. */
export function addStop(program: Command, context: CommandContext): void {
  const command = program
    .command("stop")
    .argument("<STUDY>", "id of the study")
    .summary("stop a study")
    .description("Stop a study: cancel its open trials, and evaluate the best completed one. Safe to repeat.")
    .option("--reason <TEXT>", "reason, recorded in the study's log", "stopped by a person");
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
