import { stripVTControlCharacters } from "node:util";
import type { KeptOutput } from "./output-ring.js";

const LINES_MAX = 5;
/** Fits with the rest of a reason into the 1,000 characters that the coordinator keeps. */
const LENGTH_MAX = 600;
/** Bytes from which the lines are taken. */
const TAIL_BYTES = 8_192;

/**
 * Returns the last lines of an output on one line, without control characters; empty if there are
 * none.
 */
export function lastLines({ oldest, newest }: KeptOutput): string {
  const tail = Buffer.concat([oldest, newest]).subarray(-TAIL_BYTES).toString("utf8");
  const lines = tail.split(/[\r\n]+/).map(printable);
  const text = lines
    .filter((line) => line !== "")
    .slice(-LINES_MAX)
    .join(" | ");
  return text.length <= LENGTH_MAX ? text : `…${text.slice(-LENGTH_MAX)}`;
}

/** Removes escape sequences of terminals and characters that are not printable. */
function printable(line: string): string {
  return stripVTControlCharacters(line)
    .replaceAll(/[\p{C}\p{Zl}\p{Zp}\uFFFD]/gu, "")
    .trim();
}
