// Files of a run folder: read with patience, replaced in one step, refused in words.

import { existsSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { UserError } from "@sintonia/runtime/errors";

/** The content of a JSON file, or undefined if it is not there or was not finished. */
export function readJson<T>(path: string): T | undefined {
  if (!existsSync(path)) return undefined;
  try {
    return JSON.parse(readFileSync(path, "utf8")) as T;
  } catch {
    return undefined;
  }
}

/** Replaces a JSON file in one step. @throws {UserError} if it cannot be written */
export function writeJson(path: string, content: unknown): void {
  writeText(path, `${JSON.stringify(content, null, 2)}\n`);
}

/** Replaces a file in one step. @throws {UserError} if it cannot be written */
export function writeText(path: string, text: string): void {
  try {
    writeFileSync(`${path}.new`, text);
    renameSync(`${path}.new`, path);
  } catch (error) {
    throw unusable(dirname(path), error);
  }
}

/** Why a folder cannot be written, in words. */
export function unusable(path: string, error: unknown): UserError {
  return new UserError(`${path}: cannot be used as a run folder: ${reasonOf(error)}`, { cause: error });
}

/** What the system says of a file or folder that cannot be written, in words. */
export function reasonOf(error: unknown): string {
  const { code, message } = error as NodeJS.ErrnoException;
  const reasons: Readonly<Record<string, string>> = {
    EACCES: "you have no permission to write there",
    EPERM: "you have no permission to write there",
    EROFS: "the file system is read-only",
    ENOSPC: "no space is left on the device",
    EDQUOT: "the disk quota is exceeded",
    // What a system says of a new folder where none can be made, as in /proc.
    ENOENT: "it cannot be made there",
    ENOTDIR: "a part of the path is a file",
    EEXIST: "it is a file",
    EISDIR: "it is a folder",
  };
  return reasons[code ?? ""] ?? message;
}
