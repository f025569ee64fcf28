// The checksum of a message: nats-server 2.9 answers with damaged messages.

import { createHash } from "node:crypto";
import { headers, type MsgHdrs, type StoredMsg } from "nats";

/** The header with the SHA-256 of the body. */
const DIGEST_HEADER = "Sintonia-Digest";

/** Returns the headers of a message with this body. */
export function digestHeaders(body: string): MsgHdrs {
  const header = headers();
  header.set(DIGEST_HEADER, digestOf(body));
  return header;
}

/** Returns the body of a message; undefined if it is not the one that was written. */
export function intactBody({ data, header }: StoredMsg): string | undefined {
  const body = new TextDecoder().decode(data);
  const digest = header?.get(DIGEST_HEADER);
  return !digest || digest === digestOf(body) ? body : undefined;
}

function digestOf(body: string): string {
  return createHash("sha256").update(body).digest("hex");
}
