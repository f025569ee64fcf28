// Text on a terminal, whose columns are not characters: a Chinese character takes two, an accent
// none.

import stringWidth from "string-width";
import { printable } from "../../system/printable.js";

const graphemes = new Intl.Segmenter(undefined, { granularity: "grapheme" });

/** Returns the number of columns that a text takes. */
export function widthOf(text: string): number {
  return stringWidth(text);
}

/** Cuts a text to a width, so that it does not wrap. A cut text ends with an ellipsis. */
export function truncated(text: string, columns: number): string {
  if (widthOf(text) <= columns) return text;
  if (columns < 1) return "";
  return `${headOf(text, columns - 1)}…`;
}

/** Fills a text with blanks up to a width. */
export function padded(text: string, columns: number, align: "left" | "right" = "left"): string {
  const blanks = " ".repeat(Math.max(0, columns - widthOf(text)));
  return align === "left" ? text + blanks : blanks + text;
}

/**
 * Breaks a text between words into lines of a width. A word that is wider than a line is broken.
 * Invisible characters become visible.
 *
 * @param indent - blanks before every line but the first
 */
export function wrapped(text: string, columns: number, indent = ""): string[] {
  const visible = printable(text);
  if (widthOf(visible) <= columns) return [visible];
  const lines: string[] = [];
  let line = "";
  for (const word of visible.split(" ")) {
    const joined = line === "" ? word : `${line} ${word}`;
    if (widthOf(joined) <= room(lines.length)) line = joined;
    else {
      if (line !== "") lines.push(line);
      line = broken(word, room(lines.length), lines);
    }
  }
  return [...lines, line].map((content, i) => (i === 0 ? content : indent + content));

  function room(index: number): number {
    return Math.max(1, index === 0 ? columns : columns - indent.length);
  }
}

/** Adds the lines of a long word to `lines` and returns its last part. */
function broken(word: string, columns: number, lines: string[]): string {
  let rest = word;
  while (widthOf(rest) > columns) {
    const head = headOf(rest, columns);
    if (head === "") return rest;
    lines.push(head);
    rest = rest.slice(head.length);
  }
  return rest;
}

/** Returns the longest beginning of a text that fits into a width. */
function headOf(text: string, columns: number): string {
  let [head, width] = ["", 0];
  for (const { segment } of graphemes.segment(text)) {
    width += widthOf(segment);
    if (width > columns) return head;
    head += segment;
  }
  return head;
}
