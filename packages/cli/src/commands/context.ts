import type { StudySpec } from "@sintonia/tuning/spec/study-spec";
import { specWarnings } from "@sintonia/tuning/spec/warnings";
import type { Display, TerminalStream } from "../display/display.js";
import { canRedraw, type Layout, layoutOf } from "../display/format/layout.js";
import { duringStep } from "../display/task.js";
import { jsonText } from "../study/documents/json-text.js";
import type { ResultsDocument } from "../study/documents/results.js";
import { printableLine } from "../system/printable.js";
import { type ExitCode, failureDocument } from "./failure.js";

/** The arguments, the streams and the environment of a command, and its exit code. */
export interface CommandContext {
  /** Arguments after the program's name. */
  readonly args: readonly string[];
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
  /** False with `--no-color`. */
  readonly color?: boolean;
}

/**
 * Opens the display: live on a terminal, plain otherwise. With `--json` it writes to standard
 * error, so that standard output contains only the document. The caller closes the display.
 */
export async function openDisplay(context: CommandContext, { json, color }: OutputOptions): Promise<Display> {
  const { env } = context;
  const stream = json === true ? context.stderr : context.stdout;
  if (canRedraw(stream, env)) {
    const { LiveDisplay } = await import("../display/live-display.js");
    return new LiveDisplay(stream, () => new Date(), { env, color });
  }
  const { PlainDisplay } = await import("../display/plain-display.js");
  return new PlainDisplay(stream, () => performance.now());
}

/** Returns the layout of standard output. */
export function outputLayout({ stdout, env }: CommandContext, { color }: OutputOptions): Layout {
  return layoutOf(stdout, { env, color });
}

/**
 * Shows on standard error what a command does, with the seconds that it has taken, while `work`
 * runs. A log or a pipe gets nothing.
 */
export async function whileWorking<T>(
  { stderr, env }: CommandContext,
  { color }: OutputOptions,
  detail: string,
  work: () => Promise<T>,
): Promise<T> {
  if (!canRedraw(stderr, env)) return await work();
  const { LiveDisplay } = await import("../display/live-display.js");
  const display = new LiveDisplay(stderr, () => new Date(), { env, color });
  try {
    return await duringStep(display, { label: "", detail }, work);
  } finally {
    display.close();
  }
}

/** Prints the result of a command: the document with `--json`, the lines otherwise. */
export function printResult(
  context: CommandContext,
  { json }: OutputOptions,
  result: { readonly document: unknown; readonly lines: readonly string[] },
): void {
  if (json === true) context.stdout.write(jsonText(result.document));
  else for (const line of result.lines) context.stdout.write(`${printableLine(line)}\n`);
}

/** Prints a line on standard error for each setting of a spec that is probably a mistake. */
export function printWarnings(context: CommandContext, spec: StudySpec): void {
  for (const warning of specWarnings(spec)) context.stderr.write(`${printableLine(`warning: ${warning}`)}\n`);
}

/** Prints the failure of a study on standard error, and sets the exit code to 1. */
export function reportFailure({ study }: ResultsDocument, context: CommandContext, { json }: OutputOptions): void {
  const message = `study ${study.id} failed: ${study.message ?? "no reason given"}`;
  const facts = { study: study.id, reason: study.message };
  const line = json === true ? failureDocument(message, { code: "STUDY_FAILED", facts }) : `error: ${message}`;
  context.stderr.write(`${printableLine(line)}\n`);
  context.exitCode = 1;
}
