// Calls about a study or a trial that a coordinator runs.

import type { AdminServiceClient } from "@sintonia/proto/sintonia/v1/admin";
import type { Study, Trial } from "@sintonia/proto/sintonia/v1/study";
import { resultsDocument } from "../../study/documents/results.js";
import { CommandError } from "../../system/usage-error.js";
import { type CommandContext, printResult } from "../context.js";
import type { ConnectionOptions } from "../options.js";
import { requireStudy, withStudies } from "../studies/connection.js";

type Call<T> = (client: AdminServiceClient, study: Study) => Promise<T>;

/** Makes a call about the named study, and prints the study after it. */
export async function steerStudy(
  name: string | undefined,
  options: ConnectionOptions,
  context: CommandContext,
  call: Call<Study | undefined>,
): Promise<void> {
  const { found, answer } = await callOf(name, options, context, call);
  const { study } = resultsDocument(answer ?? found, []);
  const { id, state, pause } = study;
  const line = `Study ${id} is ${pause === null ? state : `paused, for this reason: ${pause.reason}`}.`;
  printResult(context, options, { document: study, lines: [line] });
}

/** Makes a call about a trial of the named study, and prints the trial after it. */
export async function steerTrial(
  name: string,
  options: ConnectionOptions,
  context: CommandContext,
  call: Call<Trial | undefined>,
): Promise<void> {
  const { found, answer } = await callOf(name, options, context, call);
  const document = resultsDocument(found, answer === undefined ? [] : [answer]).trials[0];
  if (document === undefined) throw new Error("the coordinator answered without a trial");
  const line = `Trial ${document.id} of study ${found.id} is ${document.state}.`;
  printResult(context, options, { document, lines: [line] });
}

/** Calls the coordinator that runs the named study. */
export async function callOf<T>(
  name: string | undefined,
  options: ConnectionOptions,
  context: CommandContext,
  call: Call<T>,
): Promise<{ readonly found: Study; readonly answer: T }> {
  return await withStudies(options, context, async ({ client, isRunning }) => {
    const found = await requireStudy(client, name, options);
    if (!isRunning) throw notRunning(found.id);
    return { found, answer: await call(client, found) };
  });
}

function notRunning(study: string): CommandError {
  const message = `no coordinator runs study ${study}: repeat the command while its run works`;
  return new CommandError(message, { code: "NOT_RUNNING", facts: { study } });
}
