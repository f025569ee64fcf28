import { Goal, type ObjectiveAim } from "@sintonia/proto/sintonia/v1/study";
import { isOver, isUnderWay } from "../../../store/study/state/states.js";
import { secondsLeft } from "../../../store/study/time-left.js";
import type { Texts } from "../../../text/en.js";
import { Progress } from "../../part/badge.js";
import { useProgress, useReader, useTexts } from "../../part/context.js";
import { Facts } from "../../part/facts.js";
import { Notice } from "../../part/notice.js";
import { BestFact } from "./best-fact.js";
import { BudgetFact } from "./budget-fact.js";
import { TestFact } from "./test-fact.js";

/** What a person wants to know first of a study. */
export function StudyHeader() {
  const { study } = useProgress();
  const texts = useTexts();
  const { objectives, objectiveMetric, goal, limits } = study;
  const aims = objectives.length === 0 ? [{ metric: objectiveMetric, goal }] : objectives;
  return (
    <>
      <Notices />
      <Facts
        class="headline"
        rows={[
          [study.selection === undefined ? texts.study.best : texts.study.selected, <BestFact key="best" />],
          [texts.study.progress, <ProgressFact key="progress" />],
          [texts.study.budget, study.budget.length > 1 ? <BudgetFact key="budget" /> : undefined],
          [
            texts.study.test,
            study.test || Object.keys(study.testMetrics).length > 0 ? <TestFact key="test" /> : undefined,
          ],
          [texts.study.trainers, isOver(study) ? undefined : <TrainersFact key="trainers" />],
          [texts.study.objective, aims.map((aim) => aimText(aim, texts)).join(", ")],
          [texts.study.outcomeLimits, limits.length === 0 ? undefined : limits.join(", ")],
        ]}
      />
    </>
  );
}

function aimText({ metric, goal }: ObjectiveAim, { study }: Texts): string {
  return `${metric} (${goal === Goal.MINIMIZE ? study.goals.minimize : study.goals.maximize})`;
}

/** Why the study waits, with the way out, and what a person has ordered. */
function Notices() {
  const { study } = useProgress();
  const texts = useTexts();
  const { waiting, pause, stopping, message, setAsideTrainers } = study;
  return (
    <>
      {message !== "" && <Notice kind="warning">{message}</Notice>}
      {pause && <Notice kind="warning">{texts.study.paused(pause.reason)}</Notice>}
      {stopping && <Notice kind="warning">{texts.study.stopping(stopping.reason)}</Notice>}
      {waiting && pause === undefined && (
        <Notice kind="info">
          <strong>{texts.study.waiting}:</strong> {waiting.message}
        </Notice>
      )}
      {setAsideTrainers.map(({ trainerId, reason }) => (
        <Notice key={trainerId} kind="warning">
          <strong>{texts.study.setAside(trainerId)}</strong> {reason}
        </Notice>
      ))}
    </>
  );
}

function ProgressFact() {
  const progress = useProgress();
  const { settledCount, expectedTrialCount, activeSeconds } = progress.study;
  const [texts, reader] = [useTexts(), useReader()];
  const left = secondsLeft(progress);
  const count = (value: number): string => reader.number(value, 9);
  const text = texts.study.ended(count(settledCount), count(expectedTrialCount));
  return (
    <>
      <Progress value={settledCount} max={expectedTrialCount} text={text} />
      <div class="quiet">
        {[
          activeSeconds > 0 && `${texts.study.took} ${reader.duration(activeSeconds)}`,
          left !== undefined && `${texts.study.left} ≈ ${reader.duration(left)}`,
        ]
          .filter(Boolean)
          .join(" · ")}
      </div>
    </>
  );
}

function TrainersFact() {
  const { trials, trainerCount } = useProgress();
  const [texts, reader] = [useTexts(), useReader()];
  const busy = new Set([...trials.values()].filter(isUnderWay).map(({ trainerId }) => trainerId)).size;
  return <>{texts.study.trainersAtWork(reader.number(busy), reader.number(Math.max(busy, trainerCount)))}</>;
}
