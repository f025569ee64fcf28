import type { JSX } from "preact";
import type { Scene, Target } from "../../chart/scene/scene.js";
import { MarksSvg } from "./scene-svg.js";

/** Distance of the tooltip from its figure in pixels. */
const GAP = 14;

/** Emphasises a figure, and shows its lines beside it on the side that has more room. */
export function Tooltip(props: {
  readonly scene: Scene;
  readonly index: number;
  readonly target: Target;
}): JSX.Element {
  const { scene, index, target } = props;
  const { size } = scene;
  const [left = 0, top = 0, right = 0, bottom = 0] = Array.from(
    { length: 4 },
    (_, side) => scene.targets.boxes[index * 4 + side],
  );
  const [x, y] = [(left + right) / 2, (top + bottom) / 2];
  const across = x > size.width / 2 ? { right: `${size.width - x + GAP}px` } : { left: `${x + GAP}px` };
  const along = y > size.height / 2 ? { bottom: `${size.height - y}px` } : { top: `${y}px` };
  const [title, ...lines] = target.lines;
  return (
    <>
      <MarksSvg marks={target.marks} size={size} name="chart-emphasis" />
      <div class="chart-tooltip" style={{ ...across, ...along }} aria-hidden="true">
        <strong>{title}</strong>
        {lines.map((line) => (
          <span key={line}>{line}</span>
        ))}
      </div>
    </>
  );
}
