import type { AdminServiceClient } from "@sintonia/proto/sintonia/v1/admin";
import type { Command } from "commander";
import { ClientError, Status } from "nice-grpc-common";
import { studyStateName } from "../../study/trial-state.js";
import { CommandError } from "../../system/usage-error.js";
import { confirm } from "../confirmation.js";
import { type CommandContext, openDisplay, printResult } from "../context.js";
import { addConnectionOptions, addStudyArgument, type ConnectionOptions } from "../options.js";
import { requireStudy, withStudies } from "../studies/connection.js";

interface DeleteOptions extends ConnectionOptions {
  readonly cancel?: boolean;
  readonly yes?: boolean;
}

/** A study to delete, as a person knows it. */
interface Deletable {
  readonly id: string;
  readonly description: string;
  /** True if it was deleted before. */
  readonly isGone?: boolean;
}

const HELP = `
Examples:
  $ sintonia delete my-study
  $ sintonia delete my-study --yes             without a question, for scripts
  $ sintonia delete my-study --cancel          also while it runs
  $ sintonia export my-study                   write it into a file first, from which "sintonia import" brings it back`;

/** Adds the command `delete`. */
export function addDelete(command: Command, context: CommandContext): void {
  addStudyArgument(command)
    .description(
      "Delete a study and all that is stored of it: log, models, checkpoints, output, and files that no other study " +
        "uses. It cannot be undone. Safe to repeat.",
    )
    .option("--cancel", "cancel the trials of a study that has not ended; no best trial is chosen")
    .option("-y, --yes", "delete without a question; needed where no terminal can answer it")
    .addHelpText("after", HELP);
  addConnectionOptions(command).action((name: string | undefined, options: DeleteOptions) =>
    deleteStudy(name, options, context),
  );
}

async function deleteStudy(name: string | undefined, options: DeleteOptions, context: CommandContext): Promise<void> {
  const { cancel = false } = options;
  const { study, deletedAt } = await withStudies(options, context, async ({ client, isRunning }) => {
    const study = await findDeletable(client, name, options);
    const question = `Delete study ${study.id} (${study.description}) and all that is stored of it?`;
    if (study.isGone !== true) await confirm(context, options, question);
    return { study, deletedAt: isRunning ? await deleteBy(client, study.id, cancel) : undefined };
  });
  const at = deletedAt ?? (await deleteStored(study.id, options, context));
  const document = { study: study.id, deletedAt: at.toISOString() };
  printResult(context, options, { document, lines: [`Study ${study.id} is deleted.`] });
}

/** Finds the study that the command line names; one that is set aside by its id alone. */
async function findDeletable(
  client: AdminServiceClient,
  name: string | undefined,
  options: DeleteOptions,
): Promise<Deletable> {
  try {
    const { id, state, settledCount } = await requireStudy(client, name, options);
    return { id, description: `${studyStateName(state)}, ${settledCount} trials ended` };
  } catch (error) {
    if (name === undefined) throw error;
    if (error instanceof ClientError && error.code === Status.DATA_LOSS)
      return { id: name, description: "set aside, because its log cannot be read" };
    const isUnknown = error instanceof CommandError && error.code === "UNKNOWN_STUDY";
    if (isUnknown && (await wasDeleted(client, name))) return { id: name, description: "", isGone: true };
    throw error;
  }
}

/** Tells whether a study of an id was deleted before: only then is a repeat accepted. */
async function wasDeleted(client: AdminServiceClient, studyId: string): Promise<boolean> {
  return await client.deleteStudy({ studyId, cancel: false }).then(
    () => true,
    () => false,
  );
}

async function deleteBy(client: AdminServiceClient, studyId: string, cancel: boolean): Promise<Date> {
  try {
    return (await client.deleteStudy({ studyId, cancel })).deletedAt ?? new Date();
  } catch (error) {
    if (!(error instanceof ClientError) || error.code !== Status.FAILED_PRECONDITION) throw error;
    const message = `study ${studyId} has not ended: wait for its end, stop it with "sintonia stop", or add --cancel`;
    throw new CommandError(message, { code: "STUDY_OPEN", facts: { study: studyId }, cause: error });
  }
}

/** Deletes a study of a run folder in which no run works. */
async function deleteStored(
  studyId: string,
  { dir = "", cancel = false, verbose = false }: DeleteOptions,
  context: CommandContext,
): Promise<Date> {
  const { withStoredRun } = await import("../../run/session/stored-run.js");
  const display = await openDisplay(context, { json: true });
  try {
    const stored = { dir, options: { verbose }, display, env: context.env };
    return await withStoredRun(stored, ({ client }) => deleteBy(client, studyId, cancel));
  } finally {
    display.close();
  }
}
