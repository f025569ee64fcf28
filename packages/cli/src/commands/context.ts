import type { Display, TerminalStream } from "../display/display.js";
import { LiveDisplay } from "../display/live-display.js";
import { PlainDisplay } from "../display/plain-display.js";
import type { ResultsDocument } from "../study/documents/results.js";
import type { ExitCode } from "./failure.js";

/** What a command has of the world around it. */
export interface CommandContext {
  readonly stdin: AsyncIterable<string | Uint8Array>;
  readonly stdout: TerminalStream;
  readonly stderr: TerminalStream;
  readonly env: NodeJS.ProcessEnv;
  /** The program's exit code, 0 unless a command says otherwise. */
  exitCode: ExitCode;
}

/** Options that every command has. */
export interface OutputOptions {
  readonly json?: boolean;
  readonly verbose?: boolean;
}

/**
 * Opens what a person watches. With `--json` it is on standard error, so that standard output holds the document alone.
 * The caller closes it.
 */
export function openDisplay(context: CommandContext, { json }: OutputOptions): Display {
  const stream = json === true ? context.stderr : context.stdout;
  if (stream.isTTY === true) return new LiveDisplay(stream, () => new Date());
  return new PlainDisplay(stream, () => performance.now());
}

/** Prints a command's result: the document with `--json`, else the lines for a person. */
export function printResult(
  context: CommandContext,
  { json }: OutputOptions,
  result: { readonly document: unknown; readonly lines: readonly string[] },
): void {
  if (json === true) context.stdout.write(`${JSON.stringify(result.document, null, 2)}\n`);
  else for (const line of result.lines) context.stdout.write(`${line}\n`);
}

/** Says on standard error that a study failed, and makes it the command's exit code. */
export function reportFailure({ study }: ResultsDocument, context: CommandContext): void {
  context.stderr.write(`error: study ${study.id} failed: ${study.message ?? "no reason given"}\n`);
  context.exitCode = 1;
}
