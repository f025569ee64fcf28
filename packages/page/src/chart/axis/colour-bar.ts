import type { Role } from "../scene/role.js";
import type { Mark } from "../scene/scene.js";
import { LEGEND_ROW } from "./legend.js";
import { textWidth } from "./text-width.js";

/** Parts of a colour bar. */
export interface ColourBarParts {
  /** Colours from left to right. */
  readonly roles: readonly Role[];
  /** Texts of its two ends. */
  readonly ends: readonly [string, string];
  /** Right edge in pixels. */
  readonly right: number;
}

const STEP = 9;
const HEIGHT = 9;
const GAP = 6;

/** Returns the width of a colour bar with its texts, in pixels. */
export function colourBarWidth({ roles, ends }: Pick<ColourBarParts, "roles" | "ends">): number {
  return textWidth(ends[0]) + textWidth(ends[1]) + 2 * GAP + roles.length * STEP;
}

/** Returns a bar of colours between the figures that they mean, in the first row of a chart. */
export function colourBar({ roles, ends, right }: ColourBarParts): readonly Mark[] {
  const y = LEGEND_ROW / 2;
  const end = right - textWidth(ends[1]) - GAP;
  const start = end - roles.length * STEP;
  const steps = roles.map((role, index): Mark => {
    return { kind: "rect", x: start + index * STEP, y: y - HEIGHT / 2, width: STEP, height: HEIGHT, fill: role };
  });
  return [
    { kind: "text", x: start - GAP, y, text: ends[0], fill: "muted", anchor: "end", baseline: "middle" },
    ...steps,
    { kind: "text", x: right, y, text: ends[1], fill: "muted", anchor: "end", baseline: "middle" },
  ];
}
