import type { Stats } from "node:fs";
import { DataError } from "../error/data-error.js";
import type { DataFile } from "./data-file.js";

/** Refuses folders, devices and empty files. */
export function checkIsFile({ name }: DataFile, stats: Stats): void {
  if (stats.isDirectory()) throw new DataError("content", { file: name }, "is a folder; name a file in it");
  if (!stats.isFile()) throw new DataError("content", { file: name }, "is not a regular file");
  if (stats.size === 0) throw new DataError("content", { file: name }, "the file is empty");
}

/** Returns the fault of a file that is not what it was when it was opened. */
export function changed({ name }: DataFile): DataError {
  const message = "the file changed while it was read; start again when it is complete";
  return new DataError("unreadable", { file: name }, message);
}

/** Turns an error of the file system into a fault of the file. */
export function unreadable({ name }: DataFile, error: unknown): DataError {
  if (error instanceof DataError) return error;
  const code = error instanceof Error && "code" in error ? String(error.code) : String(error);
  const reason = code === "ENOENT" ? "there is no such file" : `cannot be read: ${code}`;
  return new DataError("unreadable", { file: name }, reason, { cause: error });
}
