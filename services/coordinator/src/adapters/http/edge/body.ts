// The body of a request: JSON of a bounded size.

import type { IncomingMessage } from "node:http";
import { decodeUtf8 } from "@sintonia/runtime/utf8";
import { Status } from "nice-grpc-common";
import { invalidRequest, RefusedRequest } from "./http-error.js";

/** Size limit of a body, in bytes. The largest message is a spec of 256 KiB. */
export const BODY_MAX_BYTES = 1024 * 1024;

/**
 * Reads a body that is a JSON object.
 *
 * @throws {RefusedRequest} for another type, for more than BODY_MAX_BYTES, and for anything that is
 *   no object
 */
export async function readJson(request: IncomingMessage): Promise<Readonly<Record<string, unknown>>> {
  requireJson(request.headers["content-type"]);
  const decoded = decodeUtf8(await readBytes(request));
  const value = decoded.ok ? parsed(decoded.text) : undefined;
  if (typeof value !== "object" || value === null || Array.isArray(value))
    throw invalidRequest("The body is no JSON object.");
  return value as Readonly<Record<string, unknown>>;
}

/** A form on another site can send no such type, so that the browser asks this server first. */
function requireJson(type: string | undefined): void {
  if (/^application\/json\s*(?:;|$)/i.test(type ?? "")) return;
  throw new RefusedRequest(
    { status: 415, code: Status.INVALID_ARGUMENT, reason: "TYPE_UNSUPPORTED" },
    "The request needs a body in JSON and the header Content-Type: application/json.",
  );
}

async function readBytes(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let sizeBytes = 0;
  // The answer to a body that is too large still needs the connection.
  for await (const chunk of request.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>) {
    sizeBytes += chunk.length;
    if (sizeBytes > BODY_MAX_BYTES) throw tooLarge();
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

function tooLarge(): RefusedRequest {
  return new RefusedRequest(
    { status: 413, code: Status.INVALID_ARGUMENT, reason: "BODY_TOO_LARGE", headers: { Connection: "close" } },
    `The body has more than ${BODY_MAX_BYTES} bytes.`,
  );
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
