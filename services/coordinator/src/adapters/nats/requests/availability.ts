import { ErrorCode, NatsError } from "nats";
import { StoreUnavailableError } from "../../../ports/study-log.js";

/**
 * Runs a request to JetStream. A temporary error becomes a StoreUnavailableError. An error of the
 * request itself, such as too large a message, is passed on.
 */
export async function available<T>(what: string, request: () => Promise<T>): Promise<T> {
  try {
    return await request();
  } catch (error) {
    if (!(error instanceof NatsError) || isOwnFault(error)) throw error;
    throw new StoreUnavailableError(`cannot ${what}: ${reasonOf(error)}`, { cause: error });
  }
}

/**
 * JetStream's error codes for a missing message: no message matches, or the message is deleted.
 */
const NO_MESSAGE: readonly number[] = [10037, 10057];

/** Awaits a request that reads or deletes one message; undefined if there is no such message. */
export async function found<T>(request: Promise<T>): Promise<T | undefined> {
  try {
    return await request;
  } catch (error) {
    if (error instanceof NatsError && NO_MESSAGE.includes(error.api_error?.err_code ?? 0)) return undefined;
    throw error;
  }
}

/** JetStream's error code for an account without room. An operator can give it more. */
const ACCOUNT_FULL = 10002;

/**
 * JetStream's error code for a message that the files of its stream do not take: the disk is full,
 * or the files are damaged.
 */
export const STORE_FAILED = 10077;

/** JetStream's error codes for a server, an account, its storage or a stream without room. */
const FULL: readonly number[] = [ACCOUNT_FULL, 10023, 10047, STORE_FAILED];

function isOwnFault(error: NatsError): boolean {
  if (error.code === ErrorCode.MaxPayloadExceeded) return true;
  return error.api_error?.code === 400 && error.api_error.err_code !== ACCOUNT_FULL;
}

function reasonOf(error: NatsError): string {
  const { err_code: code = 0, description = "" } = error.api_error ?? {};
  if (FULL.includes(code)) return `JetStream has no room (${description})`;
  if (error.code === ErrorCode.Timeout) return "NATS does not answer";
  if (error.code === ErrorCode.NoResponders) return "JetStream is not available";
  return `NATS says ${error.message}`;
}
