// The description of an object, in the format of the object stores of NATS, so that their tools
// read it (https://github.com/nats-io/nats-architecture-and-design, ADR-20).

import { z } from "zod";
import type { NewObject } from "../../objects/objects.js";

const DIGEST = "SHA-256=";

const schema = z.looseObject({
  name: z.string(),
  bucket: z.string(),
  /** Last token of the subject of the chunks. */
  nuid: z.string(),
  size: z.int().nonnegative(),
  chunks: z.int().nonnegative(),
  deleted: z.boolean().optional(),
  metadata: z.record(z.string(), z.string()).optional(),
});

/** The description of a stored object. */
export type Description = z.infer<typeof schema>;

/** Reads a description; undefined for one of a deleted object, and for other messages. */
export function parseDescription(data: Uint8Array): Description | undefined {
  try {
    const parsed = schema.safeParse(JSON.parse(new TextDecoder().decode(data)));
    return parsed.success && parsed.data.deleted !== true ? parsed.data : undefined;
  } catch {
    // Ignored: whoever wrote the message, it describes no object.
    return undefined;
  }
}

/** Writes the description of an object with chunks. */
export function newDescription(
  { name, bucket, nuid, chunks }: Pick<Description, "name" | "bucket" | "nuid" | "chunks">,
  { sizeBytes: size, sha256, label }: NewObject,
): Description {
  const digest = Buffer.from(sha256, "hex").toString("base64url");
  return {
    name,
    description: "",
    ...(label === undefined ? {} : { metadata: { label } }),
    bucket,
    nuid,
    size,
    chunks,
    // With the padding of base64, which NATS writes.
    digest: `${DIGEST}${digest}=`,
    deleted: false,
  };
}
