import type { Curve } from "@sintonia/proto/sintonia/v1/admin";
import { useMemo } from "preact/hooks";
import type { Size } from "../../../chart/scene/scene.js";
import { type CurvesInput, curvesPlot } from "../../../plot/trials/curves.js";
import { Chart } from "../../chart/chart.js";
import { useProgress, useReader } from "../../part/context.js";
import { useCalm } from "../../part/hook/use-calm.js";
import { useShowTrial } from "../../part/hook/use-show-trial.js";

interface CurvesChartProps extends Omit<CurvesInput, "curves" | "highlighted"> {
  readonly curves: readonly Curve[];
  /** Ids of the highlighted trials, separated by blanks, so that equal lists are equal. */
  readonly highlighted?: string;
  readonly height?: number;
}

/** Learning curves. A trial that the reader selects is shown. */
export function CurvesChart({ curves: latest, highlighted = "", height = 320, ...input }: CurvesChartProps) {
  const { study } = useProgress();
  const reader = useReader();
  const curves = useCalm(`${study.id} ${input.metric}`, latest, latest.length);
  const { metric, logEpochs = false, logMetric = false, rates = false } = input;
  const draw = useMemo(() => {
    const ids = highlighted.split(" ").filter(Boolean);
    const plot = { metric, curves, highlighted: ids, logEpochs, logMetric, rates };
    return (size: Size) => curvesPlot(plot, { size, reader });
  }, [curves, highlighted, metric, logEpochs, logMetric, rates, reader]);
  return <Chart name={`${study.id}-${metric}`} reader={reader} draw={draw} height={height} onSelect={useShowTrial()} />;
}
