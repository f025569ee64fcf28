import { createReadStream } from "node:fs";
import type { LocalFile } from "./local-file.js";

/** Size of the parts in which a file is read: the largest chunk of an upload. */
const PART_BYTES = 256 * 1024;

/**
 * Reads a file from an offset to the size that it had when it was found: a file that grows for ever
 * has an end.
 */
export async function* readParts({ absolutePath, sizeBytes }: LocalFile, offset = 0): AsyncGenerator<Buffer> {
  if (offset >= sizeBytes) return;
  yield* createReadStream(absolutePath, { start: offset, end: sizeBytes - 1, highWaterMark: PART_BYTES });
}
