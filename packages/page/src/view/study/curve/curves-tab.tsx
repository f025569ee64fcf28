import { usePage, useProgress, useTexts } from "../../part/context.js";
import { Section } from "../../part/facts.js";
import { Awaited } from "../../part/notice.js";
import { Choice, Switch } from "../../part/option.js";
import { CurvesChart } from "./curves-chart.js";
import { metricNames, useCurves } from "./use-curves.js";

/** Choice of no trial to highlight; without a choice it is the best one. */
const NONE = "none";

/** All learning curves of a study. The options of the plot stand in the address. */
export function CurvesTab() {
  const { study, trials } = useProgress();
  const { curves: texts } = useTexts();
  const query = usePage().navigation.query.value;
  const metric = query.get("metric") ?? study.objectiveMetric;
  const highlight = query.get("highlight") ?? (study.bestTrialId || NONE);
  const answer = useCurves(metric);
  return (
    <Section title={texts.title}>
      <div class="controls">
        <Choice
          label={texts.metric}
          parameter="metric"
          chosen={metric}
          options={metricNames(study.objectiveMetric, trials.values()).map((name) => [name, name])}
        />
        <Choice
          label={texts.highlight}
          parameter="highlight"
          chosen={highlight}
          options={[[NONE, texts.highlightNone], ...[...trials.keys()].map((id) => [id, id] as const)]}
        />
        <Switch label={texts.logEpochs} parameter="logEpochs" />
        <Switch label={texts.logValues} parameter="logValues" />
        <Switch label={texts.learningRate} parameter="rates" />
      </div>
      <Awaited answer={answer}>
        {(curves) => (
          <CurvesChart
            metric={metric}
            curves={curves}
            highlighted={highlight === NONE ? "" : highlight}
            logEpochs={query.has("logEpochs")}
            logMetric={query.has("logValues")}
            rates={query.has("rates")}
            height={460}
          />
        )}
      </Awaited>
    </Section>
  );
}
