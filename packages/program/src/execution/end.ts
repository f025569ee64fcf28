// The end of a program: which of its facts decides.

import type { ProcessExit } from "../process/start.js";

/** Exit code that asks for another attempt (EX_TEMPFAIL of sysexits.h). */
export const RETRY_EXIT_CODE = 75;

/** The end of one execution. A message is one line for a person. */
export type ProgramEnd =
  /** The program ended with exit code 0 after at least one epoch, or went beyond its last one. */
  | { readonly kind: "completed" }
  | { readonly kind: "failed"; readonly message: string }
  /** The program reported its values as infeasible. */
  | { readonly kind: "infeasible"; readonly message: string }
  /** The program asks for another attempt. */
  | { readonly kind: "retry"; readonly message: string }
  /** The program was stopped by its caller. */
  | { readonly kind: "stopped" };

/** What is known when no process is left. */
export interface EndFacts {
  /** The end that was decided while the program ran. */
  readonly decided: ProgramEnd | undefined;
  readonly exit: ProcessExit;
  /** Number of epochs of this attempt and of those before. */
  readonly epochs: number;
  /** The metric that every epoch has; undefined if an epoch may have any. */
  readonly objective: string | undefined;
  /** Names of metrics that were seen without the objective. */
  readonly otherMetrics: readonly string[];
  /** Last lines of the output on one line; empty if there are none. */
  readonly lastLines: string;
}

/** Decides the end of an execution. */
export function endOf({ decided, exit, epochs, objective, otherMetrics, lastLines }: EndFacts): ProgramEnd {
  if (decided?.kind === "failed") return failed(decided.message, lastLines);
  if (decided !== undefined) return decided;
  const { code, signal } = exit;
  if (code === RETRY_EXIT_CODE)
    return { kind: "retry", message: `The program asked for another attempt (exit code ${code}).` };
  if (code !== 0) return failed(exitMessage(code, signal), lastLines);
  if (epochs > 0) return { kind: "completed" };
  const others = otherMetrics.length === 0 ? "" : ` It reported ${otherMetrics.slice(0, 5).join(", ")}.`;
  const missing = objective === undefined ? "a metric" : `${objective}, the study's objective`;
  return failed(`The program ended with exit code 0 but never reported ${missing}.${others}`, lastLines);
}

function exitMessage(code: number | null, signal: NodeJS.Signals | null): string {
  if (signal === "SIGKILL") return "The program was killed by SIGKILL, which is often the system when memory runs out.";
  return signal === null ? `The program ended with exit code ${code}.` : `The program was killed by ${signal}.`;
}

function failed(message: string, lastLines: string): ProgramEnd {
  return { kind: "failed", message: lastLines === "" ? message : `${message} Its last output: ${lastLines}` };
}
