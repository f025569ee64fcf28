import { createHash, type Hash } from "node:crypto";
import { type FileHandle, open } from "node:fs/promises";
import type { FileRef } from "@sintonia/protocol/file";
import { CoordinatorFault } from "../../ports/coordinator.js";
import type { FileOrigin } from "../../ports/file-source.js";

/** Size of the parts in which a file is read. */
const PART_BYTES = 256 * 1024;

/**
 * Continues a download behind the bytes that are there, and checks the whole.
 *
 * @param part - the file to write to
 * @throws {CoordinatorFault} `data-loss` if the whole is another file; the part is then empty
 * @throws any error of the origin or of the file system; the part then has the bytes so far
 */
export async function download(part: string, ref: FileRef, origin: FileOrigin, signal: AbortSignal): Promise<void> {
  const handle = await open(part, "r+");
  try {
    const { hash, length } = await hashPart(handle, ref.sizeBytes);
    let position = length;
    for await (const bytes of origin.read(ref, position, signal)) {
      hash.update(bytes);
      await writeAt(handle, bytes, position);
      position += bytes.length;
      if (position > ref.sizeBytes) break;
    }
    const actual = hash.digest("hex");
    if (position === ref.sizeBytes && actual === ref.sha256) return;
    await handle.truncate(0);
    const got = `${position} bytes with the checksum ${actual} arrived`;
    throw new CoordinatorFault("data-loss", `file ${ref.sha256} of ${ref.sizeBytes} bytes: ${got}`);
  } finally {
    await handle.close();
  }
}

/** Tells whether a file has the bytes that a reference names. */
export async function matches(file: string, ref: FileRef): Promise<boolean> {
  const handle = await open(file, "r");
  try {
    const { hash, length } = await hashPart(handle, Number.POSITIVE_INFINITY);
    return length === ref.sizeBytes && hash.digest("hex") === ref.sha256;
  } finally {
    await handle.close();
  }
}

/** Hashes a part. Empties one that is longer than the file. */
async function hashPart(handle: FileHandle, bytesMax: number): Promise<{ hash: Hash; length: number }> {
  const { size } = await handle.stat();
  if (size > bytesMax) await handle.truncate(0);
  const hash = createHash("sha256");
  const buffer = Buffer.allocUnsafe(PART_BYTES);
  for (let length = 0; ; ) {
    const { bytesRead } = await handle.read(buffer, 0, PART_BYTES, length);
    if (bytesRead === 0) return { hash, length };
    hash.update(buffer.subarray(0, bytesRead));
    length += bytesRead;
  }
}

async function writeAt(handle: FileHandle, bytes: Uint8Array, position: number): Promise<void> {
  for (let done = 0; done < bytes.length; ) {
    const { bytesWritten } = await handle.write(bytes, done, bytes.length - done, position + done);
    done += bytesWritten;
  }
}
