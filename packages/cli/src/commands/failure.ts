// The table from errors to exit codes and to the lines that a person reads.

import { ClientError, Status } from "nice-grpc";
import { InterruptedError } from "../system/interruption.js";
import { UsageError } from "../system/usage-error.js";

/**
 * Exit code of the program: 0 done, 1 the study failed or something broke, 2 bad options or a bad
 * spec, 130 interrupted.
 */
export type ExitCode = 0 | 1 | 2 | 130;

/** The exit code and the message of a command that threw. */
interface Failure {
  readonly code: ExitCode;
  /** Lines for standard error. */
  readonly lines: readonly string[];
}

/**
 * Describes the failure of a command that threw `error`.
 *
 * @param verbose - whether the lines include the stack traces of the error and of its causes
 */
export function failureOf(error: unknown, verbose: boolean): Failure {
  if (error instanceof InterruptedError) return { code: 130, lines: [error.message] };
  const code = error instanceof UsageError || isRefusedSpec(error) ? 2 : 1;
  const lines = [`error: ${messageOf(error)}`];
  if (verbose && error instanceof Error) lines.push(...stackLines(error));
  return { code, lines };
}

function messageOf(error: unknown): string {
  if (error instanceof ClientError) return grpcMessage(error);
  return error instanceof Error ? error.message : String(error);
}

function isRefusedSpec(error: unknown): boolean {
  return error instanceof ClientError && error.code === Status.INVALID_ARGUMENT;
}

function grpcMessage(error: ClientError): string {
  if (error.code === Status.UNAVAILABLE) return `the coordinator does not answer (${error.details})`;
  if (error.code === Status.INTERNAL || error.code === Status.UNKNOWN) {
    return `the coordinator failed to answer (${error.details || "no details"}); see the coordinator's log`;
  }
  return error.details;
}

function stackLines(error: Error): string[] {
  const lines = error.stack?.split("\n").slice(1) ?? [];
  return error.cause instanceof Error
    ? [...lines, `caused by: ${error.cause.message}`, ...stackLines(error.cause)]
    : lines;
}
