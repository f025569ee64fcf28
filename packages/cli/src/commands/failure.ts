// The table from errors to exit codes, to the lines that a person reads, and to the facts that a
// program reads.

import { messageOf, UserError } from "@sintonia/runtime/errors";
import { CommanderError } from "commander";
import { ClientError, Status } from "nice-grpc-common";
import { BadRequest, type BadRequest_FieldViolation, ErrorInfo, RichClientError } from "nice-grpc-error-details";
import { InterruptedError } from "../system/interruption.js";
import { CommandError, type FailureFacts, UsageError } from "../system/usage-error.js";

/**
 * Exit code of the program: 0 done, 1 the study failed or something broke, 2 bad options or a bad
 * spec, 130 interrupted.
 */
export type ExitCode = 0 | 1 | 2 | 130;

/** The form of a failure's output. */
interface FailureForm {
  readonly json: boolean;
  /** True if the lines include the stack traces of the error and of its causes. */
  readonly verbose: boolean;
}

/** The exit code and the message of a command that threw. */
interface Failure {
  readonly code: ExitCode;
  /** Lines for standard error. */
  readonly lines: readonly string[];
}

/** Describes the failure of a command that threw `error`. */
export function failureOf(error: unknown, { json, verbose }: FailureForm): Failure {
  const code = exitCodeOf(error);
  if (json) return { code, lines: [failureDocument(failureMessage(error), factsOf(error))] };
  const lines = [code === 130 ? failureMessage(error) : `error: ${failureMessage(error)}`];
  if (verbose && error instanceof Error) lines.push(...stackLines(error));
  return { code, lines };
}

/**
 * Returns the line that `--json` prints for a failure. Field names are part of the command-line
 * interface.
 */
export function failureDocument(message: string, { code, facts = {} }: FailureFacts): string {
  return JSON.stringify({ code, message, facts });
}

function exitCodeOf(error: unknown): ExitCode {
  if (error instanceof InterruptedError) return 130;
  const isUsage = error instanceof UsageError || error instanceof CommanderError || isRefusedSpec(error);
  return isUsage ? 2 : 1;
}

function failureMessage(error: unknown): string {
  if (error instanceof ClientError) return grpcMessage(error);
  if (error instanceof CommanderError) return commanderMessage(error);
  return messageOf(error);
}

function factsOf(error: unknown): FailureFacts {
  if (error instanceof CommandError) return error;
  if (error instanceof InterruptedError) return { code: "INTERRUPTED" };
  if (error instanceof CommanderError) return { code: constantCase(error.code.replace("commander.", "")) };
  if (error instanceof ClientError) return callFacts(error);
  if (error instanceof UserError) return { code: "FAILED" };
  return { code: ownCode(error) };
}

/** Returns the facts of a refused call: those that the coordinator sends, and the call. */
function callFacts(error: ClientError): FailureFacts {
  const details = error instanceof RichClientError ? error.extra : [];
  const facts: Record<string, unknown> = { call: error.path };
  for (const detail of details) {
    if (detail.$type === ErrorInfo.$type) Object.assign(facts, { ...detail.metadata, reason: detail.reason });
    if (detail.$type === BadRequest.$type) facts["fields"] = detail.fieldViolations.map(fieldFacts);
  }
  return { code: Status[error.code] ?? "UNKNOWN", facts };
}

function fieldFacts({ field, description }: BadRequest_FieldViolation): object {
  return { field, description };
}

/** Returns the code of an error that has one, such as DataSetError or an error of the system. */
function ownCode(error: unknown): string {
  const { code, name } = (error ?? {}) as { readonly code?: unknown; readonly name?: unknown };
  if (typeof code !== "string") return "INTERNAL";
  return name === "Error" ? code : constantCase(`${String(name).replace(/Error$/, "")}-${code}`);
}

/** Writes a name in capitals: "unknownOption" becomes "UNKNOWN_OPTION". */
function constantCase(name: string): string {
  return name
    .replace(/([a-z])([A-Z])/g, "$1_$2")
    .replaceAll("-", "_")
    .toUpperCase();
}

function isRefusedSpec(error: unknown): boolean {
  return error instanceof ClientError && error.code === Status.INVALID_ARGUMENT;
}

/** Joins commander's lines, such as "error: unknown command 'shwo'" and "(Did you mean show?)". */
function commanderMessage({ message }: CommanderError): string {
  return message.replace(/^error: /, "").replace(/\s*\n\s*\(Did you mean (.*)\)$/s, "; did you mean $1");
}

function grpcMessage(error: ClientError): string {
  if (error.code === Status.UNAVAILABLE) return absenceMessage(error.details);
  if (error.code === Status.INTERNAL || error.code === Status.UNKNOWN) {
    return `the coordinator failed to answer (${error.details || "no details"}); see the coordinator's log`;
  }
  return error.details;
}

/** Returns why a coordinator does not answer. One that does not lead says so itself. */
function absenceMessage(details: string): string {
  const leader = /The leader is at (\S+)\.$/.exec(details)?.[1];
  if (leader !== undefined) return `this coordinator does not lead: name the leader with --coordinator ${leader}`;
  return `the coordinator does not answer (${details})`;
}

function stackLines(error: Error): string[] {
  const lines = error.stack?.split("\n").slice(1) ?? [];
  return error.cause instanceof Error
    ? [...lines, `caused by: ${error.cause.message}`, ...stackLines(error.cause)]
    : lines;
}
