import type { Command } from "commander";
import type { CommandContext } from "../context.js";
import { addConnectionOptions, type ConnectionOptions } from "../options.js";
import { steerTrial } from "./steer.js";

interface CancelOptions extends ConnectionOptions {
  readonly reason: string;
}

const HELP = `
The study goes on. The trainer of a running trial stops at its next report or heartbeat and takes another trial. A
cancelled trial counts in the budget; its values are not proposed again.

Examples:
  $ sintonia cancel my-study 7 --reason "too slow"
  $ sintonia stop my-study                        end the whole study instead`;

/** Adds the command `cancel`. */
export function addCancel(command: Command, context: CommandContext): void {
  command
    .argument("<STUDY>", "id or name of the study, or the first letters of its id")
    .argument("<TRIAL>", "id of the trial")
    .description("Cancel a trial that has not ended; the study goes on. Safe to repeat.")
    .option("--reason <TEXT>", "reason, recorded in the study's log", "cancelled by a person")
    .addHelpText("after", HELP);
  addConnectionOptions(command).action((name: string, trialId: string, options: CancelOptions) =>
    steerTrial(name, options, context, async (client, { id: studyId }) => {
      return (await client.cancelTrial({ studyId, trialId, reason: options.reason })).trial;
    }),
  );
}
