import type { JSX } from "preact";
import { type Brush, type Brushes, brushOf } from "../../../plot/parameters/parallel-filter.js";
import type { ParallelAxis } from "../../../plot/parameters/parallel-lines.js";
import type { Reader } from "../../../text/reader.js";

/** Properties of the fields. */
export interface BrushFieldsProps {
  readonly axes: readonly ParallelAxis[];
  readonly brushes: Brushes;
  readonly reader: Reader;
  readonly onBrush: (name: string, brush: Brush | undefined) => void;
  readonly onClear: () => void;
}

/** The whole of an axis. */
const WHOLE: Brush = { from: 0, to: 1 };
/** Steps of a slider along an axis. */
const STEP = 0.01;

/** Offers the ranges of all axes as sliders, for people who do not drag. */
export function BrushFields({ axes, brushes, reader, onBrush, onClear }: BrushFieldsProps): JSX.Element {
  const { words } = reader;
  return (
    <details class="chart-fields">
      <summary>{words.filter}…</summary>
      <div class="chart-fields-grid">
        {axes.map((each) => (
          <fieldset key={each.name}>
            <legend>{each.name}</legend>
            {(["from", "to"] as const).map((end) => (
              <Slider
                key={end}
                end={end}
                axis={each}
                brush={brushes[each.name] ?? WHOLE}
                reader={reader}
                onBrush={onBrush}
              />
            ))}
          </fieldset>
        ))}
      </div>
      <button type="button" disabled={Object.keys(brushes).length === 0} onClick={onClear}>
        {words.filterClear}
      </button>
    </details>
  );
}

interface SliderProps extends Pick<BrushFieldsProps, "reader" | "onBrush"> {
  readonly end: "from" | "to";
  readonly axis: ParallelAxis;
  readonly brush: Brush;
}

function Slider({ end, axis: { name, axis }, brush, reader, onBrush }: SliderProps): JSX.Element {
  const text = axis.text(axis.invert(axis.from + brush[end] * (axis.to - axis.from)));
  return (
    <label>
      <span>{end === "from" ? reader.words.filterFrom : reader.words.filterTo}</span>
      <input
        type="range"
        min={0}
        max={1}
        step={STEP}
        value={brush[end]}
        aria-valuetext={text}
        onInput={(event) => {
          const next = { ...brush, [end]: Number(event.currentTarget.value) };
          const isWhole = next.from === WHOLE.from && next.to === WHOLE.to;
          onBrush(name, isWhole ? undefined : brushOf(next.from, next.to));
        }}
      />
      <output>{text}</output>
    </label>
  );
}
