import type { Command } from "commander";
import type { CommandContext } from "../context.js";
import { addConnectionOptions, addStudyArgument, type ConnectionOptions } from "../options.js";
import { steerStudy } from "./steer.js";

interface PauseOptions extends ConnectionOptions {
  readonly reason: string;
}

const PAUSE_HELP = `
Trials under way go on to their end. No other trial begins, and the study does not end, also after a
restart of the coordinator. Trainers turn to other studies.

Examples:
  $ sintonia pause my-study --reason "the machines are needed until noon"
  $ sintonia resume my-study`;

const RESUME_HELP = `
Example:
  $ sintonia resume my-study`;

/** Adds the command `pause`. */
export function addPause(command: Command, context: CommandContext): void {
  addStudyArgument(command)
    .description("Pause a study: trials under way go on, and no other begins until you resume it. Safe to repeat.")
    .option("--reason <TEXT>", "reason, recorded in the study's log", "paused by a person")
    .addHelpText("after", PAUSE_HELP);
  addConnectionOptions(command).action((name: string | undefined, options: PauseOptions) =>
    steerStudy(name, options, context, async (client, { id: studyId }) => {
      return (await client.pauseStudy({ studyId, reason: options.reason })).study;
    }),
  );
}

/** Adds the command `resume`. */
export function addResume(command: Command, context: CommandContext): void {
  addStudyArgument(command)
    .description("Resume a paused study. Has no effect on a study that is not paused. Safe to repeat.")
    .addHelpText("after", RESUME_HELP);
  addConnectionOptions(command).action((name: string | undefined, options: ConnectionOptions) =>
    steerStudy(
      name,
      options,
      context,
      async (client, { id: studyId }) => (await client.resumeStudy({ studyId })).study,
    ),
  );
}
