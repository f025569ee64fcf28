import type { Trial } from "@sintonia/proto/sintonia/v1/study";
import { usePage, useProgress, useTexts } from "../part/context.js";
import { Section } from "../part/facts.js";
import { Awaited } from "../part/notice.js";
import { Choice } from "../part/option.js";
import { CurvesChart } from "../study/curve/curves-chart.js";
import { metricNames, useCurves } from "../study/curve/use-curves.js";

/** The curves of a trial: a metric, and the learning rate where there is one. */
export function TrialCurves({ trial }: { trial: Trial }) {
  const { study } = useProgress();
  const { curves: texts, trial: titles } = useTexts();
  const metric = usePage().navigation.query.value.get("metric") ?? study.objectiveMetric;
  const answer = useCurves(metric, trial);
  if (trial.latest === undefined) return null;
  const options = metricNames(study.objectiveMetric, [trial]).map((name) => [name, name] as const);
  const chart = { metric, highlighted: trial.id };
  return (
    <Section title={titles.curves}>
      <div class="controls">
        <Choice label={texts.metric} parameter="metric" chosen={metric} options={options} />
      </div>
      <Awaited answer={answer}>
        {(curves) => (
          <div class="columns">
            <CurvesChart curves={curves} {...chart} />
            {curves.some(({ learningRates }) => learningRates.some((rate) => rate > 0)) && (
              <CurvesChart curves={curves} {...chart} rates />
            )}
          </div>
        )}
      </Awaited>
    </Section>
  );
}
