import type { JSX, TargetedPointerEvent } from "preact";
import { useRef } from "preact/hooks";
import { type Brush, brushOf } from "../../../plot/parameters/parallel-filter.js";
import type { ParallelAxis } from "../../../plot/parameters/parallel-lines.js";

/** Properties of the strips. */
export interface BrushStripsProps {
  readonly axes: readonly ParallelAxis[];
  /** Called during a drag; without a range after a click, which clears it. */
  readonly onBrush: (name: string, brush: Brush | undefined) => void;
}

/** Width of the strip around an axis that takes a drag, in pixels. */
const WIDTH = 28;

/** Lays a strip over each axis on which a person drags a range. */
export function BrushStrips({ axes, onBrush }: BrushStripsProps): JSX.Element {
  const start = useRef<number | undefined>(undefined);
  const placeOf = (event: TargetedPointerEvent<HTMLElement>): number => {
    const { bottom, height } = event.currentTarget.getBoundingClientRect();
    return (bottom - event.clientY) / height;
  };
  return (
    <div aria-hidden="true">
      {axes.map(({ name, x, axis }) => (
        <div
          key={name}
          class="chart-brush"
          role="presentation"
          style={{
            left: `${x - WIDTH / 2}px`,
            top: `${axis.to}px`,
            width: `${WIDTH}px`,
            height: `${axis.from - axis.to}px`,
          }}
          onPointerDown={(event) => {
            event.currentTarget.setPointerCapture(event.pointerId);
            start.current = placeOf(event);
            onBrush(name, undefined);
          }}
          onPointerMove={(event) => {
            if (start.current !== undefined) onBrush(name, brushOf(start.current, placeOf(event)));
          }}
          onPointerUp={() => {
            start.current = undefined;
          }}
          onPointerCancel={() => {
            start.current = undefined;
          }}
        />
      ))}
    </div>
  );
}
