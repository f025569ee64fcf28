import { readFileSync } from "node:fs";
import { decodeUtf8 } from "@sintonia/runtime/utf8";
import { UsageError } from "../usage-error.js";

/**
 * Reads a file of a person as UTF-8 text.
 *
 * @throws {UsageError} if the file is not UTF-8; names the line
 * @throws the file system's error if the file cannot be read
 */
export function readTextFile(path: string): string {
  const decoded = decodeUtf8(readFileSync(path));
  if (decoded.ok) return decoded.text;
  throw new UsageError(`${path}: line ${decoded.line} is not UTF-8; save the file in this encoding`);
}
