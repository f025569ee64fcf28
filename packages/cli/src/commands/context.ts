import type { Display, TerminalStream } from "../display/display.js";
import { LiveDisplay } from "../display/live-display.js";
import { PlainDisplay } from "../display/plain-display.js";
import type { ResultsDocument } from "../study/documents/results.js";
import type { ExitCode } from "./failure.js";

/** The streams and the environment of a command, and its exit code. */
export interface CommandContext {
  readonly stdin: AsyncIterable<string | Uint8Array>;
  readonly stdout: TerminalStream;
  readonly stderr: TerminalStream;
  readonly env: NodeJS.ProcessEnv;
  /** Exit code of the program, 0 unless the command sets another one. */
  exitCode: ExitCode;
}

/** Options of every command that prints a result. */
export interface OutputOptions {
  readonly json?: boolean;
  readonly verbose?: boolean;
}

/**
 * Opens the display: live on a terminal, plain otherwise. With `--json` it writes to standard
 * error, so that standard output contains only the document. The caller closes the display.
 */
export function openDisplay(context: CommandContext, { json }: OutputOptions): Display {
  const stream = json === true ? context.stderr : context.stdout;
  if (stream.isTTY === true) return new LiveDisplay(stream, () => new Date());
  return new PlainDisplay(stream, () => performance.now());
}

/** Prints the result of a command: the document with `--json`, the lines otherwise. */
export function printResult(
  context: CommandContext,
  { json }: OutputOptions,
  result: { readonly document: unknown; readonly lines: readonly string[] },
): void {
  if (json === true) context.stdout.write(`${JSON.stringify(result.document, null, 2)}\n`);
  else for (const line of result.lines) context.stdout.write(`${line}\n`);
}

/** Prints the failure of a study on standard error, and sets the exit code to 1. */
export function reportFailure({ study }: ResultsDocument, context: CommandContext): void {
  context.stderr.write(`error: study ${study.id} failed: ${study.message ?? "no reason given"}\n`);
  context.exitCode = 1;
}
