import { useMemo } from "preact/hooks";
import { historyPlot } from "../../../plot/trials/history.js";
import { Chart } from "../../chart/chart.js";
import { usePage, useProgress, useReader } from "../../part/context.js";
import { useCalm } from "../../part/use-calm.js";

/** The objective of each trial, and the best so far. */
export function HistoryChart() {
  const { navigation } = usePage();
  const progress = useProgress();
  const reader = useReader();
  const { id } = progress.study;
  const { study, trials } = useCalm(id, progress, progress.trials.size);
  const draw = useMemo(() => {
    const input = { study, trials: [...trials.values()] };
    return (size: { width: number; height: number }) => historyPlot(input, { size, reader });
  }, [study, trials, reader]);
  return (
    <Chart
      name={`${id}-history`}
      reader={reader}
      draw={draw}
      height={320}
      onSelect={(trial) => navigation.go(navigation.href({ page: "trial", study: id, trial }))}
    />
  );
}
