import type { Trial } from "@sintonia/proto/sintonia/v1/study";
import { furtherNames } from "../../plot/front/outcomes.js";
import { numberText, objectiveText, valueText } from "../../store/study/objective.js";
import { isUnderWay } from "../../store/study/state/states.js";
import { usePage, useProgress, useReader, useTexts } from "../part/context.js";
import { Facts, Section, Time } from "../part/facts.js";
import { DurationCell } from "../study/table/trial-columns.js";

/** What a person wants to know first of a trial. */
export function TrialFacts({ trial }: { trial: Trial }) {
  const { study } = useProgress();
  const [texts, reader, page] = [useTexts(), useReader(), usePage()];
  const { startedAt, endedAt, trainerId, attempt } = trial;
  return (
    <Facts
      class="headline"
      rows={[
        [
          study.objectiveMetric,
          <strong class="figure" key="objective">
            {objectiveText(trial, reader)}
          </strong>,
        ],
        ...furtherNames(study)
          .filter((name) => trial.outcomes[name] !== undefined)
          .map((name) => [name, numberText(trial.outcomes[name], reader)] as const),
        [texts.trial.latest, isUnderWay(trial) ? <Latest trial={trial} /> : undefined],
        [texts.trials.epochs, reader.number(trial.epochs, 9)],
        [texts.trial.time, startedAt && <DurationCell trial={trial} now={page.now} reader={reader} />],
        [texts.trial.started, startedAt && <Time at={startedAt} text={reader.time(startedAt.getTime())} />],
        [texts.trial.ended, endedAt && <Time at={endedAt} text={reader.time(endedAt.getTime())} />],
        [texts.trial.trainer, trainerId],
        [texts.trial.attempt, attempt > 1 ? reader.number(attempt) : undefined],
      ]}
    />
  );
}

function Latest({ trial: { latest, maxEpochs, executions } }: { trial: Trial }) {
  const [texts, reader] = [useTexts(), useReader()];
  if (latest === undefined) return <>–</>;
  const epoch = texts.trial.epoch(reader.number(latest.epoch + 1), maxEpochs === 0 ? "" : reader.number(maxEpochs));
  const execution = texts.trial.execution(reader.number(latest.execution + 1), reader.number(executions));
  const metrics = Object.entries(latest.metrics).map(([name, value]) => `${name} ${reader.number(value)}`);
  return (
    <>
      {executions > 1 && `${execution}, `}
      {epoch}
      <div class="quiet">{metrics.join(", ")}</div>
    </>
  );
}

/** The values of a trial. */
export function TrialValues({ trial }: { trial: Trial }) {
  const [texts, reader] = [useTexts(), useReader()];
  const values = Object.entries(trial.values);
  return (
    <Section title={texts.trial.values}>
      {values.length === 0 && <p class="quiet">{texts.trial.defaults}</p>}
      <Facts class="rows" rows={values.map(([name, value]) => [name, valueText(value, reader)])} />
    </Section>
  );
}
