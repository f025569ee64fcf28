import type { Trial } from "@sintonia/proto/sintonia/v1/study";
import { useMemo } from "preact/hooks";
import { success } from "../../api/answer.js";
import { bestTrials } from "../../store/study/best-trials.js";
import { latestObjective } from "../../store/study/objective.js";
import { isOver, isUnderWay, trialStateName } from "../../store/study/state/states.js";
import { Badge, Progress } from "../part/badge.js";
import { useProgress, useReader, useTexts } from "../part/context.js";
import { Section } from "../part/facts.js";
import { TrialLink } from "../part/link.js";
import { Awaited } from "../part/notice.js";
import { TableBox } from "../part/table/data-table.js";
import { CurvesChart } from "./curve/curves-chart.js";
import { HistoryChart } from "./curve/history-chart.js";
import { useCurves } from "./curve/use-curves.js";
import { FrontSection } from "./front/front-chart.js";

/** The history of a study, and the trials that run. */
export function Overview() {
  const { study, trials } = useProgress();
  const texts = useTexts();
  const hasAims = study.objectives.length + study.limits.length > 0;
  const running = isOver(study) ? [] : [...trials.values()].filter(isUnderWay);
  const shown = study.testRun !== undefined && isUnderWay(study.testRun) ? [...running, study.testRun] : running;
  return (
    <>
      <div class={running.length === 0 && !hasAims ? "" : "columns"}>
        <Section title={texts.study.history}>
          <HistoryChart />
        </Section>
        <FrontSection />
        {running.length > 0 && <RunningCurves running={running} />}
      </div>
      {!isOver(study) && (
        <Section title={texts.study.running}>
          {shown.length === 0 ? <p class="quiet">{texts.study.noRunning}</p> : <RunningTable trials={shown} />}
        </Section>
      )}
    </>
  );
}

/** Curves behind those of the running trials. All are on the tab of the curves. */
const OTHERS_MAX = 60;

/** The curves of the trials that run, before those of the best trials. */
function RunningCurves({ running }: { running: readonly Trial[] }) {
  const { study, trials } = useProgress();
  const texts = useTexts();
  const answer = useCurves(study.objectiveMetric);
  const best = useMemo(() => bestTrials(study, trials.values(), OTHERS_MAX), [study.settledCount]);
  const highlighted = running.map(({ id }) => id).join(" ");
  // The same list for the same curves: the chart draws a new one again.
  const shown = useMemo(() => {
    const ids = new Set([...highlighted.split(" "), ...best]);
    return answer?.ok ? success(answer.value.filter(({ trialId }) => ids.has(trialId))) : answer;
  }, [answer?.ok ? answer.value : answer, best, highlighted]);
  return (
    <Section title={texts.study.runningCurves}>
      <Awaited answer={shown}>
        {(curves) => <CurvesChart metric={study.objectiveMetric} curves={curves} highlighted={highlighted} />}
      </Awaited>
    </Section>
  );
}

function RunningTable({ trials }: { trials: readonly Trial[] }) {
  const { study } = useProgress();
  const texts = useTexts();
  return (
    <TableBox label={texts.study.running}>
      <thead>
        <tr>
          <th>{texts.trials.trial}</th>
          <th>{texts.trials.state}</th>
          <th>{texts.trials.epochs}</th>
          <th class="number">{study.objectiveMetric}</th>
          <th>{texts.trials.trainer}</th>
        </tr>
      </thead>
      <tbody>
        {trials.map((trial) => (
          <RunningRow key={trial.id} trial={trial} />
        ))}
      </tbody>
    </TableBox>
  );
}

function RunningRow({ trial }: { trial: Trial }) {
  const { study } = useProgress();
  const reader = useReader();
  const most = trial.maxEpochs * trial.executions;
  const latest = latestObjective(study, trial);
  return (
    <tr>
      <td>
        <TrialLink study={study.id} trial={trial.id} />
      </td>
      <td>
        <Badge state={trialStateName(trial)} />
      </td>
      <td>
        {most === 0 ? trial.epochs : <Progress value={trial.epochs} max={most} text={`${trial.epochs}/${most}`} />}
      </td>
      <td class="number">{latest === undefined ? "–" : reader.number(latest)}</td>
      <td class="quiet">{trial.trainerId}</td>
    </tr>
  );
}
