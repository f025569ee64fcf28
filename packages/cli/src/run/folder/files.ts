// Reading and writing the files of a run folder. A write replaces a file in one step, so that no
// reader sees an incomplete file.

import { existsSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { UserError } from "@sintonia/runtime/errors";
import { decodeUtf8 } from "@sintonia/runtime/utf8";
import { jsonText } from "../../study/documents/json-text.js";
import { writeFailureText } from "../../system/files/file-failures.js";

/** Reads a JSON file. Returns undefined if the file is missing, incomplete or not UTF-8. */
export function readJson<T>(path: string): T | undefined {
  if (!existsSync(path)) return undefined;
  try {
    const decoded = decodeUtf8(readFileSync(path));
    return decoded.ok ? (JSON.parse(decoded.text) as T) : undefined;
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

/** Returns the error of a run folder that cannot be written. */
export function unusableFolder(path: string, error: unknown): UserError {
  return new UserError(`${path}: cannot be used as a run folder: ${writeFailureText(error)}`, { cause: error });
}
