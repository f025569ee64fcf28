import type { Curve } from "@sintonia/proto/sintonia/v1/admin";
import { useMemo } from "preact/hooks";
import { type CurvesInput, curvesPlot } from "../../../plot/trials/curves.js";
import { Chart } from "../../chart/chart.js";
import { usePage, useProgress, useReader } from "../../part/context.js";
import { useCalm } from "../../part/use-calm.js";

interface CurvesChartProps extends Omit<CurvesInput, "curves" | "highlighted"> {
  readonly curves: readonly Curve[];
  /** Ids of the highlighted trials, separated by blanks, so that equal lists are equal. */
  readonly highlighted?: string;
  readonly height?: number;
}

/** Learning curves. A trial that the reader selects is shown. */
export function CurvesChart({ curves: latest, highlighted = "", height = 320, ...input }: CurvesChartProps) {
  const { navigation } = usePage();
  const { study } = useProgress();
  const reader = useReader();
  const curves = useCalm(`${study.id} ${input.metric}`, latest, latest.length);
  const { metric, logEpochs = false, logMetric = false, rates = false } = input;
  const draw = useMemo(() => {
    const ids = highlighted.split(" ").filter(Boolean);
    const plot = { metric, curves, highlighted: ids, logEpochs, logMetric, rates };
    return (size: { width: number; height: number }) => curvesPlot(plot, { size, reader });
  }, [curves, highlighted, metric, logEpochs, logMetric, rates, reader]);
  return (
    <Chart
      name={`${study.id}-${metric}`}
      reader={reader}
      draw={draw}
      height={height}
      onSelect={(key) => {
        const [trial = ""] = key.split(" ");
        navigation.go(navigation.href({ page: "trial", study: study.id, trial }));
      }}
    />
  );
}
