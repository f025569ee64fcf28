import type { Trial } from "@sintonia/proto/sintonia/v1/study";
import { furtherNames } from "../../plot/front/outcomes.js";
import type { ComparedRow } from "../../store/study/comparison.js";
import { numberText, objectiveText, parameterNames, valueText } from "../../store/study/objective.js";
import { trialStateName } from "../../store/study/state/states.js";
import { trialSeconds } from "../../store/study/time-left.js";
import { usePage, useProgress, useReader, useTexts } from "../part/context.js";
import { Section } from "../part/facts.js";
import { TrialLink } from "../part/link.js";
import { Awaited, Notice } from "../part/notice.js";
import { CurvesChart } from "../study/curve/curves-chart.js";
import { useCurves } from "../study/curve/use-curves.js";
import { ComparedTable } from "./compared-table.js";

/** Trials of the followed study side by side, with their curves. */
export function ComparedTrials({ ids }: { ids: readonly string[] }) {
  const { study, trials } = useProgress();
  const { trial: texts, fault } = useTexts();
  const rows = useRows(ids.flatMap((id) => trials.get(id) ?? []));
  const known = ids.filter((id) => trials.has(id));
  if (known.length === 0) return <Notice kind="warning">{fault.notFound}</Notice>;
  return (
    <>
      <ComparedTable
        parameter="trial"
        ids={known}
        heads={known.map((id) => (
          <TrialLink key={id} study={study.id} trial={id}>
            {texts.title(id)}
          </TrialLink>
        ))}
        rows={rows}
      />
      <Curves ids={known} />
    </>
  );
}

function useRows(trials: readonly Trial[]): readonly ComparedRow[] {
  const { study } = useProgress();
  const page = usePage();
  const [all, reader] = [useTexts(), useReader()];
  const row = (name: string, text: (trial: Trial) => string): ComparedRow => ({ name, texts: trials.map(text) });
  return [
    row(all.trials.state, (trial) => all.state[trialStateName(trial)] ?? trialStateName(trial)),
    row(study.objectiveMetric, (trial) => objectiveText(trial, reader)),
    ...furtherNames(study).map((name) => row(name, ({ outcomes }) => numberText(outcomes[name], reader))),
    row(all.trials.epochs, ({ epochs }) => reader.number(epochs, 9)),
    row(all.compare.duration, (trial) => {
      const seconds = trialSeconds(trial, page.now.peek());
      return seconds === undefined ? "" : reader.duration(seconds);
    }),
    ...parameterNames(study, trials).map((name) => row(name, ({ values }) => valueText(values[name], reader))),
    row(all.trials.trainer, ({ trainerId }) => trainerId),
    row(all.trials.message, ({ message }) => message),
  ];
}

function Curves({ ids }: { ids: readonly string[] }) {
  const { study } = useProgress();
  const { curves: texts } = useTexts();
  const answer = useCurves(study.objectiveMetric);
  return (
    <Section title={texts.title}>
      <Awaited answer={answer}>
        {(curves) => (
          <CurvesChart metric={study.objectiveMetric} curves={curves} highlighted={ids.join(" ")} height={400} />
        )}
      </Awaited>
    </Section>
  );
}
