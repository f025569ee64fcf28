import type { Role } from "../scene/role.js";
import type { Mark, Paint, TextMark } from "../scene/scene.js";
import { pathText, pixel } from "./path.js";

/** An element of SVG without children. */
export interface SvgNode {
  readonly tag: "path" | "rect" | "text";
  readonly attributes: Readonly<Record<string, string>>;
  readonly text?: string;
}

/** Returns the colour of a role: a CSS variable in the page, a colour in a file. */
export type Colours = (role: Role) => string;

/** Returns the SVG element of a mark. Presentation attributes alone carry its style. */
export function svgNode(mark: Mark, colours: Colours): SvgNode {
  if (mark.kind === "text") return textNode(mark, colours);
  const paint = paintAttributes(mark, colours);
  if (mark.kind === "rect") {
    const { x, y, width, height, radius = 0 } = mark;
    const corners: Record<string, string> = radius === 0 ? {} : { rx: pixel(radius) };
    const box = { x: pixel(x), y: pixel(y), width: pixel(Math.max(0, width)), height: pixel(Math.max(0, height)) };
    return { tag: "rect", attributes: { ...box, ...corners, ...paint } };
  }
  const rule: Record<string, string> =
    mark.kind === "area" ? { "fill-rule": "evenodd" } : { "stroke-linejoin": "round" };
  return { tag: "path", attributes: { d: pathText(mark), ...rule, ...paint } };
}

function paintAttributes({ fill, stroke, lineWidth, opacity, dash }: Paint, colours: Colours): Record<string, string> {
  return {
    fill: fill === undefined ? "none" : colours(fill),
    ...(stroke === undefined ? {} : { stroke: colours(stroke), "stroke-width": String(lineWidth ?? 1) }),
    ...(opacity === undefined ? {} : { opacity: String(opacity) }),
    ...(dash === undefined ? {} : { "stroke-dasharray": dash.join(" ") }),
  };
}

/** Share of the text's height by which the baseline is below the given side of the text. */
const BASELINE_SHIFT = { alphabetic: 0, middle: 0.35, hanging: 0.8 };
const DEFAULT_SIZE = 11;
const HALO_WIDTH = 3;

function textNode(mark: TextMark, colours: Colours): SvgNode {
  const { x, y, fill, anchor = "start", baseline = "alphabetic", size = DEFAULT_SIZE, bold, halo } = mark;
  // Computed here: programs that show SVG files do not agree on dominant-baseline.
  const shifted = y + size * BASELINE_SHIFT[baseline];
  return {
    tag: "text",
    attributes: {
      x: pixel(x),
      y: pixel(shifted),
      fill: colours(fill),
      "text-anchor": anchor,
      "font-size": String(size),
      ...(bold ? { "font-weight": "600" } : {}),
      ...(halo
        ? {
            stroke: colours("surface"),
            "stroke-width": String(HALO_WIDTH),
            "paint-order": "stroke",
            "stroke-linejoin": "round",
          }
        : {}),
    },
    text: mark.text,
  };
}
