import { StopMode } from "@sintonia/proto/sintonia/v1/admin";
import type { Study } from "@sintonia/proto/sintonia/v1/study";
import type { StudySpec } from "@sintonia/tuning/spec/study-spec";
import type { Command } from "commander";
import { type ResultsDocument, resultsDocument } from "../../study/documents/results.js";
import { isOver } from "../../study/trial-state.js";
import { type CommandContext, openDisplay, printResult } from "../context.js";
import {
  addConnectionOptions,
  addDataOptions,
  addStudyArgument,
  type ConnectionOptions,
  type DataOptions,
} from "../options.js";
import { requireStudy, withStudies } from "../studies/connection.js";

interface StopOptions extends ConnectionOptions, DataOptions {
  readonly reason: string;
  readonly afterRunning?: boolean;
}

const HELP = `
Examples:
  $ sintonia stop my-study --reason "good enough"
  $ sintonia stop my-study --after-running  wait for the trials that run now; a second stop without it cancels them
  $ sintonia stop --dir runs/mnist-init     the run in a folder; an interrupted one ends with its best trial so far`;

/** Adds the command `stop`. */
export function addStop(command: Command, context: CommandContext): void {
  addStudyArgument(command)
    .description("Stop a study: cancel its open trials, and evaluate the best completed one. Safe to repeat.")
    .option("--reason <TEXT>", "reason, recorded in the study's log", "stopped by a person")
    .option("--after-running", "let running trials end first; queued ones are cancelled, and no other begins")
    .addHelpText("after", HELP);
  addConnectionOptions(addDataOptions(command)).action((name: string | undefined, options: StopOptions) =>
    stop(name, options, context),
  );
}

async function stop(name: string | undefined, options: StopOptions, context: CommandContext): Promise<void> {
  const { reason, afterRunning = false } = options;
  const mode = afterRunning ? StopMode.AFTER_RUNNING : StopMode.NOW;
  const { found, stopped } = await withStudies(options, context, async ({ client, isRunning }) => {
    const found = await requireStudy(client, name, options);
    const change = isRunning && !isOver(found.state);
    return { found, stopped: change ? (await client.stopStudy({ studyId: found.id, reason, mode })).study : undefined };
  });
  const document = stopped ?? (isOver(found.state) ? found : undefined);
  const study =
    document === undefined ? await stopStored(found, options, context) : resultsDocument(document, []).study;
  const state = isOver(found.state) ? `has ended already: it is ${study.state}` : stateText(study);
  const lines = [`Study ${study.id} ${state}.`];
  printResult(context, options, { document: study, lines });
}

function stateText({ state, stopping }: ResultsDocument["study"]): string {
  return stopping === null ? `is ${state}` : "stops once its running trials have ended";
}

/** Stops an interrupted study of a run folder, and waits until its best trial is evaluated. */
async function stopStored(
  { id: studyId, specJson }: Study,
  { dir = "", reason, ...options }: StopOptions,
  context: CommandContext,
): Promise<ResultsDocument["study"]> {
  const { stopStoredStudy } = await import("../../run/stop-stored-study.js");
  const display = await openDisplay(context, { json: true });
  try {
    const spec = JSON.parse(specJson) as StudySpec;
    const run = { dir, options, display, env: context.env };
    return (await stopStoredStudy(run, { studyId, spec, reason })).study;
  } finally {
    display.close();
  }
}
