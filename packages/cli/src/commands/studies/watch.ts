import type { AdminServiceClient } from "@sintonia/proto/sintonia/v1/admin";
import { type Study, StudyState } from "@sintonia/proto/sintonia/v1/study";
import type { Command } from "commander";
import { summaryLines } from "../../display/report/summary.js";
import { resultsDocument } from "../../study/documents/results.js";
import { followStudy } from "../../study/progress/follow.js";
import type { StudyProgress } from "../../study/progress/progress.js";
import { readTrials } from "../../study/read-study.js";
import { isOver, studyStateName } from "../../study/trial-state.js";
import { listenForInterruption } from "../../system/interruption.js";
import { CommandError } from "../../system/usage-error.js";
import { sleep } from "../../system/waiting.js";
import { type CommandContext, openDisplay, outputLayout, printResult, reportFailure } from "../context.js";
import { addConnectionOptions, addStudyArgument, type ConnectionOptions } from "../options.js";
import { requireStudy, withStudies } from "./connection.js";
import { continueCommand } from "./continue-command.js";

/**
 * Longest absence of the coordinator: enough for its restart on another machine. A longer absence
 * ends the command.
 */
const ABSENCE_MAX_MS = 60_000;

const HELP = `
Examples:
  $ sintonia watch my-study
  $ sintonia watch --dir runs/mnist-init    the run that works in a folder; prints its results if it has ended
  $ sintonia watch my-study --json > results.json`;

/** Adds the command `watch`. */
export function addWatch(command: Command, context: CommandContext): void {
  addStudyArgument(command)
    .description("Follow a study until it ends, then print its results. Ctrl-C ends the command, not the study.")
    .addHelpText("after", HELP);
  addConnectionOptions(command).action((name: string | undefined, options: ConnectionOptions) =>
    watch(name, options, context),
  );
}

async function watch(name: string | undefined, options: ConnectionOptions, context: CommandContext): Promise<void> {
  const { study, trials } = await withStudies(options, context, async ({ client, isRunning }) => {
    const found = await requireStudy(client, name, options);
    if (!isRunning && !isOver(found.state)) throw notRunning(found, options);
    const ended = await watchToEnd(client, found.id, { options, context });
    const trials = await readTrials(client, { studyId: found.id, withMeasurements: options.json === true });
    return { study: ended.study, trials };
  });
  const document = resultsDocument(study, trials);
  const lines = summaryLines(document, `study ${study.id}`, outputLayout(context, options));
  printResult(context, options, { document, lines });
  if (study.state === StudyState.FAILED) reportFailure(document, context, options);
}

interface Watching {
  readonly options: ConnectionOptions;
  readonly context: CommandContext;
}

async function watchToEnd(
  client: AdminServiceClient,
  studyId: string,
  { options, context }: Watching,
): Promise<StudyProgress> {
  const interruption = listenForInterruption(`Stopped watching. Study ${studyId} continues.`, () => process.exit(130));
  const display = await openDisplay(context, options);
  try {
    return await followStudy({
      client,
      studyId,
      onChange: (change) => display.study(change),
      signal: interruption.signal,
      absenceMaxMs: ABSENCE_MAX_MS,
      sleep,
      now: () => performance.now(),
    });
  } finally {
    display.close();
    interruption.dispose();
  }
}

function notRunning({ id, state }: Study, { dir = "" }: ConnectionOptions): CommandError {
  const message =
    `study ${id} is ${studyStateName(state)}, but no run works in ${dir}; ` +
    `to continue it: ${continueCommand(dir)}; to see it as it is: sintonia show ${id} --dir ${dir}`;
  return new CommandError(message, { code: "NOT_RUNNING", facts: { study: id, dir } });
}
