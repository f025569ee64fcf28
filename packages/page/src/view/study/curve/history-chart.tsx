import { useMemo } from "preact/hooks";
import type { Size } from "../../../chart/scene/scene.js";
import { historyPlot } from "../../../plot/trials/history.js";
import { Chart } from "../../chart/chart.js";
import { useReader } from "../../part/context.js";
import { useShowTrial } from "../../part/hook/use-show-trial.js";
import { useTrialList } from "../../part/hook/use-trial-list.js";

/** The objective of each trial, and the best so far. */
export function HistoryChart() {
  const { study, trials } = useTrialList();
  const reader = useReader();
  const draw = useMemo(() => {
    return (size: Size) => historyPlot({ study, trials }, { size, reader });
  }, [study, trials, reader]);
  return <Chart name={`${study.id}-history`} reader={reader} draw={draw} height={320} onSelect={useShowTrial()} />;
}
