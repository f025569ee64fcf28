// The file into which a store writes bytes before they are complete and checked.

import { createHash, type Hash } from "node:crypto";
import { type FileHandle, open } from "node:fs/promises";
import { type ArtifactKey, mismatchOf } from "../../ports/artifact-store.js";
import { guarded } from "./files.js";

/** Size of the chunks that are read from a file; the maximum that the ports allow. */
const CHUNK_BYTES = 256 * 1024;

/**
 * Writes chunks durably into a draft, and checks the whole.
 *
 * @param offset - number of bytes of the draft that are kept; the chunks follow them. 0 for a new
 *   draft
 * @throws {ArtifactMismatchError} if the whole does not match the key
 * @throws {StoreUnavailableError}
 */
export async function writeDraft(
  draft: string,
  chunks: AsyncIterable<Uint8Array>,
  key: ArtifactKey,
  offset = 0,
): Promise<void> {
  const handle = await guarded(draft, () => open(draft, offset === 0 ? "w" : "r+"));
  try {
    const hash = await keptHash(handle, draft, offset);
    let written = offset;
    for await (const chunk of chunks) {
      const position = written;
      written += chunk.length;
      if (written > key.sizeBytes) break;
      hash.update(chunk);
      await guarded(draft, () => writeAt(handle, chunk, position));
    }
    const actual = hash.digest("hex");
    if (written !== key.sizeBytes || actual !== key.sha256) throw mismatchOf(key, written, actual);
    await guarded(draft, () => handle.sync());
  } finally {
    await handle.close();
  }
}

/** Reads a file in chunks, from its present position on. */
export async function* readChunks(handle: FileHandle, file: string): AsyncGenerator<Uint8Array> {
  for (;;) {
    const buffer = Buffer.allocUnsafe(CHUNK_BYTES);
    const { bytesRead } = await guarded(file, () => handle.read(buffer, 0, CHUNK_BYTES));
    if (bytesRead === 0) return;
    yield buffer.subarray(0, bytesRead);
  }
}

/** Cuts a draft after the bytes that are kept, and returns their hash. */
async function keptHash(handle: FileHandle, draft: string, offset: number): Promise<Hash> {
  const hash = createHash("sha256");
  if (offset === 0) return hash;
  await guarded(draft, () => handle.truncate(offset));
  for await (const chunk of readChunks(handle, draft)) hash.update(chunk);
  return hash;
}

async function writeAt(handle: FileHandle, chunk: Uint8Array, position: number): Promise<void> {
  for (let done = 0; done < chunk.length; ) {
    const { bytesWritten } = await handle.write(chunk, done, chunk.length - done, position + done);
    done += bytesWritten;
  }
}
