// Reading and writing the files of a run folder. A write replaces a file in one step, so that no
// reader sees an incomplete file.

import { existsSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { UserError } from "@sintonia/runtime/errors";
import { jsonText } from "../../study/documents/json-text.js";

/** Reads a JSON file. Returns undefined if the file is missing or incomplete. */
export function readJson<T>(path: string): T | undefined {
  if (!existsSync(path)) return undefined;
  try {
    return JSON.parse(readFileSync(path, "utf8")) as T;
  } catch {
    return undefined;
  }
}

/** Replaces a JSON file in one step. @throws {UserError} if the file cannot be written */
export function writeJson(path: string, content: unknown): void {
  writeText(path, jsonText(content));
}

/** Replaces a text file in one step. @throws {UserError} if the file cannot be written */
export function writeText(path: string, text: string): void {
  try {
    writeFileSync(`${path}.new`, text);
    renameSync(`${path}.new`, path);
  } catch (error) {
    throw unusableFolder(dirname(path), error);
  }
}

/** Tells whether an error is one of the file system. */
export function isFileError(error: unknown): boolean {
  return typeof (error as NodeJS.ErrnoException).syscall === "string";
}

/** Returns the error of a run folder that cannot be written. */
export function unusableFolder(path: string, error: unknown): UserError {
  return new UserError(`${path}: cannot be used as a run folder: ${writeFailureText(error)}`, { cause: error });
}

/** Explains the file system's error on writing a file or folder. */
export function writeFailureText(error: unknown): string {
  const { code, message } = error as NodeJS.ErrnoException;
  const texts: Readonly<Record<string, string>> = {
    EACCES: "you have no permission to write there",
    EPERM: "you have no permission to write there",
    EROFS: "the file system is read-only",
    ENOSPC: "no space is left on the device",
    EDQUOT: "the disk quota is exceeded",
    // The answer of a file system in which no folder can be made, such as /proc.
    ENOENT: "the folder cannot be made there",
    ENOTDIR: "a part of the path is a file",
    EEXIST: "a file has this name",
    EISDIR: "a folder has this name",
  };
  return texts[code ?? ""] ?? message;
}
