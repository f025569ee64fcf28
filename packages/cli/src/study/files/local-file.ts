// The files that a spec names, on this machine.

import type { Stats } from "node:fs";
import { stat } from "node:fs/promises";
import { isAbsolute, relative, resolve, sep } from "node:path";
import { FILE_MAX_BYTES } from "@sintonia/protocol/file";
import { readFailureText } from "../../system/files/file-failures.js";
import { UsageError } from "../../system/usage-error.js";
import { bytesText } from "./bytes-text.js";

/** A file that a spec names. */
export interface LocalFile {
  /** Path as the spec has it. */
  readonly path: string;
  readonly absolutePath: string;
  readonly sizeBytes: number;
  /** Time of the last change, in milliseconds since 1970. */
  readonly changedMs: number;
  /** True if the file is not in the folder of the spec. */
  readonly isOutside: boolean;
}

/**
 * Finds a file that a spec names.
 *
 * @param folder - folder of the spec, to which paths are relative
 * @throws {UsageError} if there is no file at the path that can be uploaded
 */
export async function findFile(folder: string, path: string): Promise<LocalFile> {
  const absolutePath = resolve(folder, path);
  const found = await stat(absolutePath).catch((error: unknown) => {
    throw unusable(path, `${readFailureText(error)} at ${absolutePath}`, error);
  });
  requireRegular(path, found);
  const { size: sizeBytes, mtimeMs: changedMs } = found;
  return { path, absolutePath, sizeBytes, changedMs, isOutside: !isWithin(resolve(folder), absolutePath) };
}

/** Returns the error of a file that cannot be used. */
export function unusable(path: string, reason: string, cause?: unknown): UsageError {
  return new UsageError(`${path}: ${reason}`, { code: "FILE_UNUSABLE", facts: { path, reason }, cause });
}

/** Tells whether a path is in a folder or is the folder. */
export function isWithin(folder: string, path: string): boolean {
  const way = relative(folder, path);
  return way !== ".." && !way.startsWith(`..${sep}`) && !isAbsolute(way);
}

function requireRegular(path: string, found: Stats): void {
  if (found.isDirectory()) throw unusable(path, "it is a folder; name a file in it");
  if (!found.isFile()) throw unusable(path, "it is a device or a pipe; name a regular file");
  if (found.size <= FILE_MAX_BYTES) return;
  const limit = FILE_MAX_BYTES / 2 ** 30;
  throw unusable(path, `it has ${bytesText(found.size)}, and a file that goes to trainers has at most ${limit} GiB`);
}
