import type { Role } from "../../chart/scene/role.js";
import type { Box, Mark } from "../../chart/scene/scene.js";

/** A label at the end of a line. */
export interface EndLabel {
  readonly text: string;
  /** Left edge of the text. */
  readonly x: number;
  readonly y: number;
  readonly role: Role;
}

/** Least distance of two labels in pixels, so that their lines of text do not overlap. */
const DISTANCE_MIN = 12;

/** Returns the labels as texts, moved apart where they would overlap, and kept within the plot. */
export function endLabels(labels: readonly EndLabel[], plot: Box): readonly Mark[] {
  const sorted = [...labels].sort((a, b) => a.y - b.y);
  const heights = spread(
    sorted.map(({ y }) => y),
    plot.y,
    plot.y + plot.height,
  );
  return sorted.map(({ text, x, role }, index) => {
    const y = heights[index] ?? 0;
    return { kind: "text", x, y, text, fill: role, baseline: "middle", bold: true, halo: true };
  });
}

/** Moves increasing heights apart: downwards first, then upwards from the bottom. */
function spread(heights: readonly number[], top: number, bottom: number): readonly number[] {
  const down: number[] = [];
  for (const height of heights)
    down.push(Math.max(top, height, (down.at(-1) ?? Number.NEGATIVE_INFINITY) + DISTANCE_MIN));
  const up: number[] = [];
  for (const height of down.reverse())
    up.push(Math.min(height, bottom, (up.at(-1) ?? Number.POSITIVE_INFINITY) - DISTANCE_MIN));
  return up.reverse();
}
