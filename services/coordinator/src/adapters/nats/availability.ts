import { ErrorCode, NatsError } from "nats";
import { StoreUnavailableError } from "../../ports/study-log.js";

/**
 * Runs a request to JetStream. A fault that may pass becomes a StoreUnavailableError; one that is the request's own fault, such
 * as a message that is too large, stays as it is.
 */
export async function available<T>(what: string, request: () => Promise<T>): Promise<T> {
  try {
    return await request();
  } catch (error) {
    if (!(error instanceof NatsError) || isOwnFault(error)) throw error;
    throw new StoreUnavailableError(`cannot ${what}: ${reasonOf(error)}`, { cause: error });
  }
}

function isOwnFault(error: NatsError): boolean {
  return error.code === ErrorCode.MaxPayloadExceeded || error.api_error?.code === 400;
}

function reasonOf(error: NatsError): string {
  if (error.code === ErrorCode.Timeout) return "NATS does not answer";
  if (error.code === ErrorCode.NoResponders) return "JetStream is not there";
  return `NATS says ${error.message}`;
}
