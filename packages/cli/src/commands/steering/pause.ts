import type { AdminServiceClient } from "@sintonia/proto/sintonia/v1/admin";
import type { Study } from "@sintonia/proto/sintonia/v1/study";
import type { Command } from "commander";
import { resultsDocument } from "../../study/documents/results.js";
import { CommandError } from "../../system/usage-error.js";
import { type CommandContext, printResult } from "../context.js";
import { addConnectionOptions, addStudyArgument, type ConnectionOptions } from "../options.js";
import { requireStudy, withStudies } from "../studies/connection.js";

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
    steer(name, options, context, async (client, { id: studyId }) => {
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
    steer(name, options, context, async (client, { id: studyId }) => (await client.resumeStudy({ studyId })).study),
  );
}

type Call = (client: AdminServiceClient, study: Study) => Promise<Study | undefined>;

/** Makes a call about the named study, and prints the study after it. */
async function steer(
  name: string | undefined,
  options: ConnectionOptions,
  context: CommandContext,
  call: Call,
): Promise<void> {
  const steered = await withStudies(options, context, async ({ client, isRunning }) => {
    const found = await requireStudy(client, name, options);
    if (!isRunning) throw notRunning(found.id);
    return (await call(client, found)) ?? found;
  });
  const { study } = resultsDocument(steered, []);
  const { id, state, pause } = study;
  const line = `Study ${id} is ${pause === null ? state : `paused, for this reason: ${pause.reason}`}.`;
  printResult(context, options, { document: study, lines: [line] });
}

function notRunning(study: string): CommandError {
  const message = `no coordinator runs study ${study}: repeat the command while its run works`;
  return new CommandError(message, { code: "NOT_RUNNING", facts: { study } });
}
