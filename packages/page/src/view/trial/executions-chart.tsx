import type { Trial } from "@sintonia/proto/sintonia/v1/study";
import { useMemo } from "preact/hooks";
import type { Size } from "../../chart/scene/scene.js";
import { executionsPlot } from "../../plot/trials/executions.js";
import { Chart } from "../chart/chart.js";
import { useProgress, useReader, useTexts } from "../part/context.js";
import { Section } from "../part/facts.js";

/** The objective of each execution of a trial that has several. */
export function ExecutionsChart({ trial }: { trial: Trial }) {
  const { study } = useProgress();
  const [texts, reader] = [useTexts(), useReader()];
  const draw = useMemo(
    () => (size: Size) => executionsPlot({ metric: study.objectiveMetric, trial }, { size, reader }),
    [study.objectiveMetric, trial, reader],
  );
  if (trial.executionObjectives.length < 2) return null;
  return (
    <Section title={texts.trial.executions}>
      <Chart name={`${study.id}-${trial.id}-executions`} reader={reader} draw={draw} height={220} />
    </Section>
  );
}
