import type { Trial } from "@sintonia/proto/sintonia/v1/study";
import type { JSX } from "preact";
import { useCallback, useState } from "preact/hooks";
import type { Size } from "../../../chart/scene/scene.js";
import type { StudyParameter } from "../../../plot/data/parameters.js";
import type { StudyFigures } from "../../../plot/data/study-data.js";
import { parallelPlot } from "../../../plot/parameters/parallel.js";
import type { Brush, Brushes } from "../../../plot/parameters/parallel-filter.js";
import type { Reader } from "../../../text/reader.js";
import { Chart } from "../chart.js";
import { BrushFields } from "./brush-fields.js";
import { BrushStrips } from "./brush-strips.js";

/** Properties of parallel coordinates. */
export interface ParallelChartProps {
  readonly study: StudyFigures;
  readonly trials: readonly Trial[];
  readonly parameters: readonly StudyParameter[];
  readonly reader: Reader;
  /** Share of the trials, the best ones, that are kept; in (0, 1]. @default 1 */
  readonly bestShare?: number;
  /** In pixels. @default 360 */
  readonly height?: number;
  readonly onSelect?: (trialId: string) => void;
}

/** Shows parallel coordinates whose axes filter the trials: by dragging, or by fields for keys. */
export function ParallelChart(props: ParallelChartProps): JSX.Element {
  const { study, trials, parameters, reader, bestShare = 1, height = 360, onSelect } = props;
  const [brushes, setBrushes] = useState<Brushes>({});
  const draw = useCallback(
    (size: Size) => parallelPlot({ study, trials, parameters, brushes, bestShare }, { size, reader }),
    [study, trials, parameters, brushes, bestShare, reader],
  );
  const change = (name: string, brush: Brush | undefined): void => setBrushes((before) => changed(before, name, brush));
  return (
    <Chart
      name={`${study.id}-parallel`}
      reader={reader}
      draw={draw}
      height={height}
      {...(onSelect === undefined ? {} : { onSelect })}
      overlay={({ axes }) => <BrushStrips axes={axes} onBrush={change} />}
      below={({ axes }) => (
        <BrushFields axes={axes} brushes={brushes} reader={reader} onBrush={change} onClear={() => setBrushes({})} />
      )}
    />
  );
}

function changed(brushes: Brushes, name: string, brush: Brush | undefined): Brushes {
  const { [name]: _, ...others } = brushes;
  return brush === undefined ? others : { ...others, [name]: brush };
}
