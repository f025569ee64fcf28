import { h, type JSX } from "preact";
import { svgNode } from "../../chart/render/svg-node.js";
import type { Role } from "../../chart/scene/role.js";
import type { Mark, Scene, Size } from "../../chart/scene/scene.js";

/** Numbers in the marks of a scene above which a canvas draws it faster than SVG. */
const HEAVY = 20_000;

/** Returns true if a scene is better drawn on a canvas. */
export function isHeavy(scene: Pick<Scene, "marks">): boolean {
  let numbers = 0;
  for (const mark of scene.marks) if ("points" in mark) numbers += mark.points.length;
  return numbers > HEAVY;
}

/** Draws a scene as elements of SVG, whose colours follow the theme. */
export function SceneSvg({ scene }: { readonly scene: Scene }): JSX.Element {
  return <MarksSvg marks={scene.marks} size={scene.size} name="chart-scene" />;
}

/** Draws marks as elements of SVG. */
export function MarksSvg(props: {
  readonly marks: readonly Mark[];
  readonly size: Size;
  readonly name: string;
}): JSX.Element {
  const { width, height } = props.size;
  return (
    <svg class={props.name} width={width} height={height} viewBox={`0 0 ${width} ${height}`} aria-hidden="true">
      {props.marks.map((mark) => {
        const { tag, attributes, text } = svgNode(mark, variableOf);
        return h(tag, attributes, text);
      })}
    </svg>
  );
}

function variableOf(role: Role): string {
  return `var(--chart-${role})`;
}
