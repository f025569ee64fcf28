// How a command ends: one table from faults to exit codes and to the lines a person reads.

import { UserError } from "@sintonia/runtime/errors";
import { ClientError, Status } from "nice-grpc";

/** 0 done; 1 the study failed or something broke; 2 bad options or a bad spec; 130 interrupted. */
export type ExitCode = 0 | 1 | 2 | 130;

/** Options or a spec that cannot be used; the command ends with 2 and changes nothing. */
export class UsageError extends UserError {}

/** A person or a signal ended the command. */
export class InterruptedError extends Error {
  override readonly name = "InterruptedError";
}

export interface Ending {
  readonly code: ExitCode;
  /** For standard error. */
  readonly lines: readonly string[];
}

/** How a command that threw ends. Stacks only where `verbose`. */
export function endingOf(error: unknown, verbose: boolean): Ending {
  if (error instanceof InterruptedError) return { code: 130, lines: [error.message] };
  const code = error instanceof UsageError || isRefusedSpec(error) ? 2 : 1;
  const lines = [`error: ${messageOf(error)}`];
  if (verbose && error instanceof Error) lines.push(...stackLines(error));
  return { code, lines };
}

/** The sentence of a fault that a person is to read. */
export function messageOf(error: unknown): string {
  if (error instanceof ClientError) return grpcMessage(error);
  return error instanceof Error ? error.message : String(error);
}

function isRefusedSpec(error: unknown): boolean {
  return error instanceof ClientError && error.code === Status.INVALID_ARGUMENT;
}

function grpcMessage(error: ClientError): string {
  if (error.code === Status.UNAVAILABLE) return `the coordinator does not answer (${error.details})`;
  if (error.code === Status.INTERNAL || error.code === Status.UNKNOWN) {
    return `the coordinator could not do it (${error.details || "no details"}); its log says more`;
  }
  return error.details;
}

function stackLines(error: Error): string[] {
  const lines = error.stack?.split("\n").slice(1) ?? [];
  return error.cause instanceof Error
    ? [...lines, `caused by: ${error.cause.message}`, ...stackLines(error.cause)]
    : lines;
}
