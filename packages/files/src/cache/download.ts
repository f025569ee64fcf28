import { createHash, type Hash } from "node:crypto";
import { type FileHandle, open } from "node:fs/promises";
import { FILE_MAX_BYTES, type FileRef } from "@sintonia/protocol/file";
import { type FileOrigin, OriginFault, type WantedFile } from "../contract/file-source.js";

/** Size of the parts in which a file is read. */
const PART_BYTES = 256 * 1024;

/**
 * Continues a download behind the bytes that are there, and checks the whole.
 *
 * @param part - the file to write to
 * @throws {OriginFault} with both checksums, if the whole is another file; the part is then empty
 * @throws any error of the origin or of the file system; the part then has the bytes so far
 */
export async function download(part: string, file: WantedFile, origin: FileOrigin, signal: AbortSignal): Promise<void> {
  const handle = await open(part, "r+");
  try {
    const { hash, length } = await hashPart(handle, file.sizeBytes);
    const position = length === file.sizeBytes ? length : await append(handle, hash, length, { file, origin, signal });
    const actual = hash.digest("hex");
    if (position === file.sizeBytes && actual === file.sha256) return;
    await handle.truncate(0);
    throw changed(file, actual, position, length > 0 ? "some" : "one");
  } finally {
    await handle.close();
  }
}

interface Reading {
  readonly file: WantedFile;
  readonly origin: FileOrigin;
  readonly signal: AbortSignal;
}

/**
 * Appends the rest of a file. Of a file that is longer than it should be, hashes the rest without
 * writing it, so that the fault can name the checksum.
 *
 * @returns the length of the whole
 */
async function append(
  handle: FileHandle,
  hash: Hash,
  length: number,
  { file, origin, signal }: Reading,
): Promise<number> {
  let position = length;
  for await (const bytes of origin.read(file, length, signal)) {
    hash.update(bytes);
    if (position < file.sizeBytes) await writeAt(handle, bytes.subarray(0, file.sizeBytes - position), position);
    position += bytes.length;
    if (position > FILE_MAX_BYTES) throw new OriginFault("it has more than 2 GiB", "none");
  }
  return position;
}

function changed(
  { sha256, sizeBytes }: FileRef,
  actual: string,
  actualBytes: number,
  repeats: "some" | "one",
): OriginFault {
  const now = `${actual} (${actualBytes} bytes)`;
  return new OriginFault(`it changed: its SHA-256 was ${sha256} (${sizeBytes} bytes) and is ${now}`, repeats);
}

/** Returns the checksum and the length of a file. */
export async function digestOf(file: string): Promise<{ readonly sha256: string; readonly sizeBytes: number }> {
  const handle = await open(file, "r");
  try {
    const { hash, length } = await hashPart(handle, Number.POSITIVE_INFINITY);
    return { sha256: hash.digest("hex"), sizeBytes: length };
  } finally {
    await handle.close();
  }
}

/** Tells whether a file has the bytes that a reference names. */
export async function matches(file: string, ref: FileRef): Promise<boolean> {
  const { sha256, sizeBytes } = await digestOf(file);
  return sizeBytes === ref.sizeBytes && sha256 === ref.sha256;
}

/** Hashes the downloaded part of a file. Empties a part that is longer than the file. */
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
