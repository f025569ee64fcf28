// Files of lines, each of which is one record of bytes without a line end.

import { type FileHandle, open, rename, rm } from "node:fs/promises";
import path from "node:path";
import { syncFolder } from "../files.js";

/** The byte that ends a line. */
export const LINE_END = 0x0a;

/** Bytes that are read from an end of a file at once. */
const END_BYTES = 64 * 1024;

/** Appends lines durably. Cuts what a broken write has left, so that each line is one record. */
export async function appendLines(file: string, bodies: readonly Uint8Array[]): Promise<void> {
  const handle = await open(file, "a+");
  const { size } = await handle.stat();
  try {
    await handle.writeFile(Buffer.concat(bodies.flatMap((body) => [body, Buffer.of(LINE_END)])));
    await handle.datasync();
  } catch (error) {
    // Ignored: the next start cuts it.
    await handle.truncate(size).catch(() => undefined);
    throw error;
  } finally {
    await handle.close();
  }
}

/** Returns the last whole line of a file, after which the file is cut; undefined if it has none. */
export async function lastLine(handle: FileHandle): Promise<Buffer | undefined> {
  let { size } = await handle.stat();
  if (size === 0) return undefined;
  for (let length = END_BYTES; ; length *= 2) {
    const from = Math.max(0, size - length);
    const { buffer } = await handle.read(Buffer.alloc(size - from), 0, size - from, from);
    const end = buffer.lastIndexOf(LINE_END);
    if (end >= 0 && from + end + 1 < size) {
      size = from + end + 1;
      await handle.truncate(size);
      length = END_BYTES / 2;
      continue;
    }
    const begin = end <= 0 ? -1 : buffer.lastIndexOf(LINE_END, end - 1);
    if (begin >= 0 || (end >= 0 && from === 0)) return buffer.subarray(begin + 1, end);
    if (from === 0) {
      await handle.truncate(0);
      return undefined;
    }
  }
}

/** Returns the first line of a file; undefined if it has no whole line. */
export async function firstLine(handle: FileHandle): Promise<Buffer | undefined> {
  for (let length = END_BYTES; ; length *= 2) {
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(length), 0, length, 0);
    const end = buffer.subarray(0, bytesRead).indexOf(LINE_END);
    if (end >= 0) return buffer.subarray(0, end);
    if (bytesRead < length) return undefined;
  }
}

/**
 * Writes lines durably into a new file. Leaves no file after a fault.
 *
 * @throws the file system's error, or that of `bodies`
 */
export async function writeLines(
  file: string,
  bodies: AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
): Promise<void> {
  const handle = await open(file, "wx");
  try {
    for await (const body of bodies) await handle.appendFile(Buffer.concat([body, Buffer.of(LINE_END)]));
    await handle.sync();
  } catch (error) {
    // Ignored: the next start deletes the file.
    await rm(file, { force: true }).catch(() => undefined);
    throw error;
  } finally {
    await handle.close();
  }
}

/** Moves a file within its folder durably, in place of another one. */
export async function moveDurably(from: string, to: string): Promise<void> {
  await rename(from, to);
  await syncFolder(path.dirname(to));
}

/** Splits chunks at line feeds, the only line ends that JSON never contains. */
export async function* splitLines(chunks: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  let parts: Buffer[] = [];
  for await (const chunk of chunks) {
    let start = 0;
    for (let end = chunk.indexOf(LINE_END); end >= 0; end = chunk.indexOf(LINE_END, start)) {
      yield parts.length === 0 ? chunk.subarray(start, end) : Buffer.concat([...parts, chunk.subarray(start, end)]);
      parts = [];
      start = end + 1;
    }
    if (start < chunk.length) parts.push(chunk.subarray(start));
  }
  if (parts.length > 0) yield Buffer.concat(parts);
}
