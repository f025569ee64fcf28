import type { ComponentChildren, JSX, TargetedKeyboardEvent, TargetedMouseEvent, TargetedPointerEvent } from "preact";
import { useMemo, useRef, useState } from "preact/hooks";
import { hit, stepTarget } from "../../chart/scene/hit.js";
import type { Scene, Size } from "../../chart/scene/scene.js";
import type { Reader } from "../../text/reader.js";
import { ChartMenu } from "./chart-menu.js";
import { DataTable } from "./data-table.js";
import { stepOf } from "./keys.js";
import { SceneCanvas } from "./scene-canvas.js";
import { isHeavy, SceneSvg } from "./scene-svg.js";
import { Tooltip } from "./tooltip.js";
import { useWidth } from "./use-width.js";

/** Properties of a chart. */
export interface ChartProps<S extends Scene> {
  /** Beginning of the names of exported files. */
  readonly name: string;
  readonly reader: Reader;
  /** Draws the scene for a size. A new function draws the chart again. */
  readonly draw: (size: Size) => S;
  /** In pixels. @default 280 */
  readonly height?: number;
  /** Called with the key of a figure that a person selects, such as the id of a trial. */
  readonly onSelect?: (key: string) => void;
  /** Called with a position in pixels at which a person clicks where no figure is. */
  readonly onPoint?: (x: number, y: number, scene: S) => void;
  /** Returns what lies over the scene, such as the strips of brushes. */
  readonly overlay?: (scene: S) => ComponentChildren;
  /** Returns controls below the scene. */
  readonly below?: (scene: S) => ComponentChildren;
}

/** Distance in pixels within which a click selects a figure. */
const CLICK_REACH = 10;
/** Width before the element is measured, as in a document without layout. */
const WIDTH_BEFORE = 640;
const WIDTH_MIN = 200;

/** Shows a scene that fills its width, with tooltip, keys, a table of its figures, and exports. */
export function Chart<S extends Scene>(props: ChartProps<S>): JSX.Element {
  const { draw, height = 280, reader, name } = props;
  const area = useRef<HTMLDivElement>(null);
  const width = Math.max(WIDTH_MIN, useWidth(area, WIDTH_BEFORE));
  const scene = useMemo(() => draw({ width, height }), [draw, width, height]);
  const drawn = useMemo(() => (isHeavy(scene) ? <SceneCanvas scene={scene} /> : <SceneSvg scene={scene} />), [scene]);
  const [isTableShown, setTableShown] = useState(false);
  const pointing = usePointing(scene, props);
  return (
    <figure class="chart">
      <ChartMenu scene={scene} name={name} reader={reader} isTableShown={isTableShown} onTable={setTableShown} />
      <div class="chart-body">
        <div
          class="chart-area"
          ref={area}
          // biome-ignore lint/a11y/noNoninteractiveTabindex: arrow keys move through the data.
          tabIndex={0}
          role="img"
          aria-label={labelOf(scene, reader)}
          {...pointing.handlers}
        >
          {drawn}
          {pointing.target !== undefined && (
            <Tooltip scene={scene} index={pointing.index ?? 0} target={pointing.target} />
          )}
          {scene.targets.boxes.length === 0 && <p class="chart-empty">{reader.words.noData}</p>}
        </div>
        {props.overlay?.(scene)}
      </div>
      {props.below?.(scene)}
      <p class="chart-spoken" aria-live="polite">
        {pointing.byKey ? pointing.target?.lines.join(", ") : ""}
      </p>
      {isTableShown && <DataTable table={scene.table()} title={scene.title} reader={reader} />}
    </figure>
  );
}

function labelOf(scene: Scene, { words }: Reader): string {
  return `${scene.title}. ${scene.description} ${words.keys}`;
}

/** A position of the pointer, which may be at another figure once the scene is drawn again. */
type Pointing =
  | { readonly by: "pointer"; readonly x: number; readonly y: number }
  | { readonly by: "keys"; readonly index: number | undefined };

const NOWHERE: Pointing = { by: "keys", index: undefined };

function indexOf(scene: Scene, pointing: Pointing): number | undefined {
  if (pointing.by === "pointer") return hit(scene, pointing.x, pointing.y);
  const count = scene.targets.boxes.length / 4;
  return pointing.index !== undefined && pointing.index < count ? pointing.index : undefined;
}

/** Returns the figure at which pointer or keys point, and the handlers that move it. */
function usePointing<S extends Scene>(scene: S, { onSelect, onPoint }: ChartProps<S>) {
  const [state, setState] = useState<Pointing>(NOWHERE);
  const index = useMemo(() => indexOf(scene, state), [scene, state]);
  const leave = (): void => setState(NOWHERE);
  const handlers = {
    onPointerMove: (event: TargetedPointerEvent<HTMLElement>) => {
      const [x, y] = positionOf(event);
      setState({ by: "pointer", x, y });
    },
    onPointerLeave: leave,
    onBlur: leave,
    onClick: (event: TargetedMouseEvent<HTMLElement>) => {
      const [x, y] = positionOf(event);
      const clicked = hit(scene, x, y, CLICK_REACH);
      if (clicked !== undefined && onSelect !== undefined) onSelect(scene.targets.keyAt(clicked));
      else if (isInPlot(scene, x, y)) onPoint?.(x, y, scene);
    },
    onKeyDown: (event: TargetedKeyboardEvent<HTMLElement>) => {
      const step = stepOf(event.key);
      if (step !== undefined) setState({ by: "keys", index: stepTarget(scene, index, step) });
      else if (event.key === "Enter" && index !== undefined) onSelect?.(scene.targets.keyAt(index));
      else if (event.key === "Escape") leave();
      else return;
      event.preventDefault();
    },
  };
  const target = index === undefined ? undefined : scene.targets.at(index);
  return { index, byKey: state.by === "keys", target, handlers };
}

/** Returns the position of a pointer within the element that listens, in pixels. */
function positionOf(event: TargetedMouseEvent<HTMLElement>): [number, number] {
  const box = event.currentTarget.getBoundingClientRect();
  return [event.clientX - box.left, event.clientY - box.top];
}

function isInPlot({ plot }: Scene, x: number, y: number): boolean {
  return x >= plot.x && x <= plot.x + plot.width && y >= plot.y && y <= plot.y + plot.height;
}
