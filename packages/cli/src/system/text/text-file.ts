import { closeSync, openSync, readSync } from "node:fs";
import { decodeUtf8 } from "@sintonia/runtime/utf8";
import { UsageError } from "../usage-error.js";

/** Limit of a text in bytes, below the longest string of Node. */
const TEXT_MAX_BYTES = 256 * 2 ** 20;

/** Bytes that are read at once. */
const PART_BYTES = 64 * 1024;

/**
 * Reads a file of a person as UTF-8 text. A pipe or a device says no size, and may have no end.
 *
 * @throws {UsageError} if the file has more than `bytesMax` bytes, or is not UTF-8; names the line
 * @throws the file system's error if the file cannot be read
 */
export function readTextFile(path: string, bytesMax: number = TEXT_MAX_BYTES): string {
  const decoded = decodeUtf8(readAtMost(path, bytesMax));
  if (decoded.ok) return decoded.text;
  throw new UsageError(`${path}: line ${decoded.line} is not UTF-8; save the file in this encoding`);
}

function readAtMost(path: string, bytesMax: number): Buffer {
  const parts: Buffer[] = [];
  const file = openSync(path, "r");
  try {
    for (let total = 0; ; ) {
      const part = Buffer.alloc(PART_BYTES);
      const count = readSync(file, part);
      if (count === 0) return Buffer.concat(parts);
      total += count;
      if (total > bytesMax) throw new UsageError(`${path}: cannot be read: it has more than ${bytesMax} bytes`);
      parts.push(part.subarray(0, count));
    }
  } finally {
    closeSync(file);
  }
}
