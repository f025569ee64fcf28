import { printable } from "../../system/printable.js";
import type { Layout } from "./layout.js";
import type { Ink } from "./style.js";
import { truncated, widthOf } from "./text.js";

/** A part of a line in several lengths. */
export interface LinePart {
  /** Texts from the longest to the shortest. An empty text leaves the part out. */
  readonly texts: readonly string[];
  /** Order in which parts become shorter where the line is too wide, from 1; each part at once. */
  readonly shortened?: number;
  readonly ink?: Ink;
}

/**
 * Joins parts with two blanks to one line. Where the line is too wide, parts become shorter in
 * their order. A line that is still too wide is cut at its end.
 */
export function fittedLine(parts: readonly LinePart[], { columns, style }: Layout): string {
  const chosen = parts.map(() => 0);
  const textAt = (i: number) => printable(parts[i]?.texts[chosen[i] ?? 0] ?? "");
  const plain = () => joined(parts.map((_, i) => textAt(i)));
  const order = parts.flatMap(({ texts, shortened = 0 }, i) =>
    texts.slice(1).map((_, step) => ({ i, step, shortened })),
  );
  order.sort((a, b) => a.shortened - b.shortened || a.step - b.step);
  for (const { i } of order) {
    if (widthOf(plain()) <= columns) break;
    chosen[i] = (chosen[i] ?? 0) + 1;
  }
  if (widthOf(plain()) > columns) return truncated(plain(), columns);
  return joined(parts.map(({ ink }, i) => (ink === undefined ? textAt(i) : style(ink, textAt(i)))));
}

function joined(texts: readonly string[]): string {
  return texts.filter((text) => text !== "").join("  ");
}
