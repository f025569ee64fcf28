// Refusals of a gRPC server with the details of google.rpc (AIP-193), for programs.

import { ServerError as PlainError, type ServerError, type ServerMiddleware, type Status } from "nice-grpc-common";
import { ErrorInfo, RichServerError } from "nice-grpc-error-details";
import { type Detail, STATUS_METADATA, statusBytes } from "./status-bytes.js";

/** Names the system in the reasons of errors. */
export const DOMAIN = "sintonia";

/**
 * Size limit of a refusal in metadata, in bytes: clients in C, Python and Go take at most 8 KiB of
 * all metadata of an answer. Beyond it, the client would see no message at all.
 */
const REFUSAL_MAX_BYTES = 7 * 1024;

/** The reason of a refusal, in capitals, and the texts that a program may need. */
export interface Reason {
  readonly reason: string;
  readonly facts?: Readonly<Record<string, string>>;
  /** Details beyond the reason and its facts. They are left out where they take too much room. */
  readonly further?: readonly Detail[];
}

/** Returns a status whose details have a reason for programs. */
export function refusal(code: Status, message: string, { reason, facts = {}, further = [] }: Reason): ServerError {
  const details: Detail[] = [ErrorInfo.fromPartial({ reason, domain: DOMAIN, metadata: facts }), ...further];
  while (details.length > 0 && metadataBytes(code, message, details) > REFUSAL_MAX_BYTES) details.pop();
  return details.length === 0 ? new PlainError(code, message) : new RichServerError(code, message, details);
}

/** Adds the details of a refusal to the metadata of the answer. */
export const sendDetails: ServerMiddleware = async function* sendDetails(call, context) {
  try {
    return yield* call.next(call.request, context);
  } catch (error) {
    if (error instanceof RichServerError) context.trailer.set(STATUS_METADATA, detailsOf(error));
    throw error;
  }
};

/** Returns the details of a refusal as the value of STATUS_METADATA. */
export function detailsOf(error: ServerError): Uint8Array {
  const details = error instanceof RichServerError ? (error.extra as readonly Detail[]) : [];
  return statusBytes(error.code, error.details, details);
}

/**
 * The message travels twice: with per cent signs in a field of its own, and in the details. The
 * buffer replaces half a character, which encodeURI would refuse.
 */
function metadataBytes(code: Status, message: string, details: readonly Detail[]): number {
  const base64 = Math.ceil(statusBytes(code, message, details).length / 3) * 4;
  return encodeURI(Buffer.from(message).toString()).length + base64;
}
