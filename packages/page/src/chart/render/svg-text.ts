import { LIGHT, type Palette } from "../scene/palette.js";
import type { Scene } from "../scene/scene.js";
import { type SvgNode, svgNode } from "./svg-node.js";

/** Fonts of exported charts. */
export const FONT_FAMILY = "system-ui, -apple-system, 'Segoe UI', Roboto, 'Helvetica Neue', Arial, sans-serif";

/**
 * Returns a scene as the text of an SVG file, which needs neither fonts nor style sheets. Title and
 * description are those of the scene.
 */
export function svgText(scene: Scene, palette: Palette = LIGHT): string {
  const { width, height } = scene.size;
  const nodes = scene.marks.map((mark) => nodeText(svgNode(mark, (role) => palette[role])));
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}"`,
    ` font-family="${FONT_FAMILY}" role="img">`,
    `<title>${escaped(scene.title)}</title><desc>${escaped(scene.description)}</desc>`,
    `<rect width="100%" height="100%" fill="${palette.surface}"/>`,
    ...nodes,
    "</svg>",
  ].join("");
}

function nodeText({ tag, attributes, text }: SvgNode): string {
  const pairs = Object.entries(attributes).map(([name, value]) => ` ${name}="${escaped(value)}"`);
  return text === undefined ? `<${tag}${pairs.join("")}/>` : `<${tag}${pairs.join("")}>${escaped(text)}</${tag}>`;
}

/** Escapes a text for XML, and drops control characters, which XML does not allow. */
function escaped(text: string): string {
  return [...text]
    .filter((character) => character >= " " || character === "\t" || character === "\n")
    .join("")
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;")
    .replaceAll('"', "&quot;");
}
