import type { Layout } from "./layout.js";
import { padded, wrapped } from "./text.js";

/** Width of the labels at the left of a report. */
const LABEL_COLUMNS = 11;

/** Returns a labelled text; its further lines are indented by the width of the label. */
export function labelled(label: string, text: string, { columns, style }: Layout): string[] {
  const [first = "", ...others] = wrapped(text, columns - LABEL_COLUMNS);
  const indent = " ".repeat(LABEL_COLUMNS);
  const head = label === "" ? indent : style("bold", label) + padded("", LABEL_COLUMNS - label.length);
  return [`${head}${first}`.trimEnd(), ...others.map((line) => indent + line)];
}

/** Returns sentences, each broken into lines of the layout's width. */
export function sentences(lines: readonly string[], { columns }: Layout): string[] {
  return lines.flatMap((line) => wrapped(line, columns));
}
