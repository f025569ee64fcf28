import { isSettled } from "@sintonia/page/store/study/state/states";
import type { AdminServiceClient } from "@sintonia/proto/sintonia/v1/admin";
import type { Study, Trial } from "@sintonia/proto/sintonia/v1/study";
import type { Command } from "commander";
import { OutputPrinter } from "../../display/output/output-printer.js";
import { outputDocument } from "../../study/output/output-document.js";
import { attemptNote, emptyNote } from "../../study/output/output-note.js";
import { collectOutput } from "../../study/output/output-parts.js";
import { type OutputPiece, readOutput } from "../../study/output/read-output.js";
import { readTrial } from "../../study/read-study.js";
import { listenForInterruption } from "../../system/interruption.js";
import { printableLine } from "../../system/printable.js";
import { sleep } from "../../system/waiting.js";
import { type CommandContext, printResult } from "../context.js";
import { addConnectionOptions, type ConnectionOptions, integerFrom } from "../options.js";
import { requireStudy, withStudies } from "../studies/connection.js";

/**
 * Longest absence of the coordinator: enough for its restart on another machine. A longer absence
 * ends the command.
 */
const ABSENCE_MAX_MS = 60_000;
/** Largest number of an attempt that a message can carry. */
const ATTEMPT_MAX = 2 ** 32 - 1;

interface LogsOptions extends ConnectionOptions {
  readonly follow?: boolean;
  readonly attempt?: number;
}

const HELP = `
The coordinator keeps the oldest 64 KiB and the newest 192 KiB of what the program of each attempt writes to standard
output and standard error; a line in the output says how many bytes are missing. A terminal gets control characters as
escapes and no colours, a file or a pipe gets every byte as it is.

Examples:
  $ sintonia logs my-study 7
  $ sintonia logs my-study 7 --follow                   until the attempt ends
  $ sintonia logs my-study test                         the test of the best trial
  $ sintonia logs my-study 7 --attempt 1                an attempt that was lost, or that failed before
  $ sintonia logs my-study 7 --dir runs/my-study        a run on this machine, also after its end
  $ sintonia logs my-study 7 > trial-7.log`;

/** Adds the command `logs`. */
export function addLogs(command: Command, context: CommandContext): void {
  command
    .argument("<STUDY>", "id or name of the study, or the first letters of its id")
    .argument("<TRIAL>", 'id of the trial, or "test" for the test run of the best trial')
    .description("Print what the program of a trial writes: while it runs, and afterwards.")
    .option("-f, --follow", "print further output until the attempt ends; Ctrl-C ends the command, not the trial")
    .option("--attempt <N>", "number of the attempt (default: the newest that has output)", integerFrom(1, ATTEMPT_MAX))
    .addHelpText("after", HELP);
  addConnectionOptions(command).action((name: string, trialId: string, options: LogsOptions) =>
    logs({ name, trialId }, options, context),
  );
}

/** The trial, and the access to its output. */
interface Reading {
  readonly client: AdminServiceClient;
  readonly study: Study;
  readonly trial: Trial;
  readonly attempt: number | undefined;
  readonly follow: boolean;
}

/** What has been read of an output. */
interface Read {
  readonly attempt: number | undefined;
  readonly isEmpty: boolean;
}

async function logs(
  { name, trialId }: { readonly name: string; readonly trialId: string },
  options: LogsOptions,
  context: CommandContext,
): Promise<void> {
  const withReading = <T>(use: (reading: Reading) => Promise<T>): Promise<T> =>
    withStudies(options, context, async ({ client, isRunning }) => {
      const study = await requireStudy(client, name, options);
      const trial = await readTrial(client, study.id, trialId);
      // Where no coordinator runs, no attempt goes on.
      return await use({
        client,
        study,
        trial,
        attempt: options.attempt,
        follow: options.follow === true && isRunning,
      });
    });
  if (options.follow !== true) await withReading((reading) => printAll(reading, options, context));
  // A run may end with the attempt that is followed. The trial is then read from what it left.
  else if (options.json === true) {
    const attempt = await withReading(attemptOnceEnded);
    await withReading((reading) => printDocument({ ...reading, attempt, follow: false }, options, context));
  } else {
    const read = await withReading((reading) => printOutput(reading, context));
    await withReading(async (reading) => printNote(reading, read, context));
  }
}

/** Prints the output as it is. */
async function printAll(reading: Reading, options: LogsOptions, context: CommandContext): Promise<void> {
  if (options.json === true) await printDocument(reading, options, context);
  else printNote(reading, await printOutput(reading, context), context);
}

/** Waits until the attempt has ended, and returns its number. */
async function attemptOnceEnded(reading: Reading): Promise<number | undefined> {
  let { attempt } = reading;
  await withOutput(reading, async (pieces) => {
    for await (const piece of pieces) attempt = piece.attempt;
  });
  return attempt;
}

async function printOutput(reading: Reading, context: CommandContext): Promise<Read> {
  const printer = new OutputPrinter(context.stdout);
  let { attempt } = reading;
  let isEmpty = true;
  await withOutput(reading, async (pieces) => {
    for await (const piece of pieces) {
      await printer.print(piece);
      attempt = piece.attempt;
      if (piece.bytes.length > 0) isEmpty = false;
      if (!printer.isOpen) return;
    }
  });
  await printer.end();
  return { attempt, isEmpty };
}

/** Prints why there was no output, or which attempt this was. */
function printNote(
  { study, trial, attempt: chosen }: Reading,
  { attempt = 0, isEmpty }: Read,
  context: CommandContext,
) {
  const read = { attempt, isEmpty };
  const note = emptyNote(study, trial, read) ?? (chosen === undefined ? attemptNote(trial, read) : undefined);
  if (note !== undefined) context.stderr.write(`${printableLine(note)}\n`);
}

async function printDocument(reading: Reading, options: LogsOptions, context: CommandContext): Promise<void> {
  const { study, trial } = reading;
  await withOutput(reading, async (pieces) => {
    const output = await collectOutput(pieces);
    const note = emptyNote(study, trial, { attempt: output.attempt, isEmpty: output.parts.length === 0 });
    printResult(context, options, { document: outputDocument(study, trial, { output, note }), lines: [] });
  });
}

/** Calls `use` with the output, which Ctrl-C ends. */
async function withOutput(
  { client, study, trial, attempt, follow }: Reading,
  use: (pieces: AsyncIterable<OutputPiece>) => Promise<void>,
): Promise<void> {
  const state = isSettled(trial) ? "has ended" : "continues";
  const message = `Stopped reading. Trial ${trial.id} of study ${study.id} ${state}.`;
  const interruption = listenForInterruption(message, () => process.exit(130));
  const { signal } = interruption;
  const now = (): number => performance.now();
  const limits = { signal, absenceMaxMs: ABSENCE_MAX_MS, sleep, now };
  try {
    await use(readOutput({ client, studyId: study.id, trialId: trial.id, attempt, follow, ...limits }));
  } finally {
    interruption.dispose();
  }
}
