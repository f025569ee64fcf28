import { createHash } from "node:crypto";
import { stat } from "node:fs/promises";
import type { FileRef } from "@sintonia/protocol/file";
import { nameOf, SHA256 } from "@sintonia/protocol/names";
import { isFileError, readFailureText } from "../../system/files/file-failures.js";
import { type LocalFile, unusable } from "./local-file.js";
import { readParts } from "./read-parts.js";

/**
 * Computes the reference of a file.
 *
 * @param onProgress - receives the number of bytes that were read so far
 * @throws {UsageError} if the file cannot be read, or changed while it was read
 */
export async function hashFile(file: LocalFile, onProgress: (bytesDone: number) => void): Promise<FileRef> {
  const hash = createHash("sha256");
  let bytesDone = 0;
  try {
    for await (const part of readParts(file)) {
      hash.update(part);
      bytesDone += part.length;
      onProgress(bytesDone);
    }
    await requireUnchanged(file);
  } catch (error) {
    if (isFileError(error)) throw unusable(file.path, readFailureText(error), error);
    throw error;
  }
  return { sha256: nameOf(SHA256, hash.digest("hex")), sizeBytes: bytesDone };
}

async function requireUnchanged({ path, absolutePath, sizeBytes, changedMs }: LocalFile): Promise<void> {
  const { size, mtimeMs } = await stat(absolutePath);
  if (size === sizeBytes && mtimeMs === changedMs) return;
  const change = size === sizeBytes ? "" : `, from ${sizeBytes} to ${size} bytes`;
  throw unusable(path, `it changed while it was read${change}; start again when nothing writes to it`);
}
