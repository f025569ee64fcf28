// Streams of bytes on their way to a store and back.

import { createHash } from "node:crypto";
import { type ArtifactKey, mismatchOf } from "../../ports/artifact-store.js";

/** The maximum that the ports allow. */
const CHUNK_BYTES = 256 * 1024;

/**
 * Passes chunks on and checks them. Holds the last chunk back until the whole is checked, so that a
 * reader never gets the announced number of other bytes.
 *
 * @throws {ArtifactMismatchError} if the bytes have another size or checksum
 */
export async function* checked(chunks: AsyncIterable<Uint8Array>, key: ArtifactKey): AsyncGenerator<Uint8Array> {
  const hash = createHash("sha256");
  let size = 0;
  let held: Uint8Array | undefined;
  for await (const chunk of chunks) {
    if (chunk.length === 0) continue;
    size += chunk.length;
    if (size > key.sizeBytes) throw mismatchOf(key, size, "");
    hash.update(chunk);
    if (held !== undefined) yield held;
    held = chunk;
  }
  const actual = hash.digest("hex");
  if (size !== key.sizeBytes || actual !== key.sha256) throw mismatchOf(key, size, actual);
  if (held !== undefined) yield held;
}

/** Cuts chunks into those of at most 256 KiB. */
export async function* cut(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  for await (const chunk of chunks) {
    for (let start = 0; start < chunk.length; start += CHUNK_BYTES) yield chunk.subarray(start, start + CHUNK_BYTES);
  }
}
