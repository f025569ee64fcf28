import { StudyState } from "@sintonia/proto/sintonia/v1/study";
import type { Command } from "commander";
import { summaryLines } from "../../display/report/summary.js";
import { resultsDocument } from "../../study/documents/results.js";
import { followStudy } from "../../study/progress/follow.js";
import type { StudyProgress } from "../../study/progress/progress.js";
import { listenForInterruption } from "../../system/interruption.js";
import { sleep } from "../../system/waiting.js";
import { type CommandContext, openDisplay, printResult, reportFailure } from "../context.js";
import { addConnectionOptions, type ConnectionOptions } from "../options.js";
import { withCoordinator } from "./connection.js";

/**
 * Longest absence of the coordinator: enough for its restart on another machine. A longer absence
 * ends the command.
 */
const ABSENCE_MAX_MS = 60_000;

/** Adds the command `watch`. */
export function addWatch(program: Command, context: CommandContext): void {
  const command = program
    .command("watch")
    .argument("<STUDY>", "id of the study")
    .summary("follow a study until it ends")
    .description("Follow a study until it ends, then print its results. Ctrl-C ends the command, not the study.");
  addConnectionOptions(command).action((studyId: string, options: ConnectionOptions) =>
    watch(studyId, options, context),
  );
}

async function watch(studyId: string, options: ConnectionOptions, context: CommandContext): Promise<void> {
  const { study, trials } = await watchToEnd(studyId, options, context);
  const document = resultsDocument(study, [...trials.values()]);
  printResult(context, options, { document, lines: summaryLines(document, `study ${studyId}`) });
  if (study.state === StudyState.FAILED) reportFailure(document, context);
}

async function watchToEnd(
  studyId: string,
  options: ConnectionOptions,
  context: CommandContext,
): Promise<StudyProgress> {
  const interruption = listenForInterruption(`Stopped watching. Study ${studyId} continues.`, () => process.exit(130));
  const display = openDisplay(context, options);
  try {
    return await withCoordinator(options.coordinator, (client) =>
      followStudy({
        client,
        studyId,
        onChange: (change) => display.study(change),
        signal: interruption.signal,
        absenceMaxMs: ABSENCE_MAX_MS,
        sleep,
        now: () => performance.now(),
      }),
    );
  } finally {
    display.close();
    interruption.dispose();
  }
}
