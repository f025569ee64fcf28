import type { Trial } from "@sintonia/proto/sintonia/v1/study";
import { isSettled, trialStateName } from "../../store/study/state/states.js";
import { TrialActions } from "../action/trial-actions.js";
import { Badge } from "../part/badge.js";
import { usePage, useProgress, useTexts } from "../part/context.js";
import { Link, StudyLink } from "../part/link.js";
import { FaultNotice, Notice } from "../part/notice.js";
import { ConnectionMark } from "../study/study-page.js";
import { Artifacts } from "./artifacts.js";
import { Attempts } from "./attempts.js";
import { ExecutionsChart } from "./executions-chart.js";
import { Explanation } from "./explanation.js";
import { TrialCurves } from "./trial-curves.js";
import { TrialFacts, TrialValues } from "./trial-facts.js";
import { TrialLog } from "./trial-log.js";

/** One trial. */
export function TrialPage({ id }: { id: string }) {
  const { study, trials } = useProgress();
  const texts = useTexts();
  const trial = trials.get(id) ?? (study.testRun?.id === id ? study.testRun : undefined);
  if (trial === undefined) {
    return <FaultNotice fault={{ code: "NOT_FOUND", message: texts.fault.notFound, reason: "", facts: {} }} />;
  }
  return (
    <>
      <TrialTitle trial={trial} />
      <TrialMessages trial={trial} />
      <TrialFacts trial={trial} />
      <div class="columns">
        <TrialValues trial={trial} />
        <Explanation trial={trial} />
      </div>
      <TrialCurves trial={trial} />
      <ExecutionsChart trial={trial} />
      <div class="columns">
        <Attempts trial={trial} />
        {usePage().mode === "server" && isSettled(trial) && <Artifacts trial={trial} />}
      </div>
      {usePage().mode === "server" && <TrialLog trial={trial} />}
    </>
  );
}

function TrialTitle({ trial }: { trial: Trial }) {
  const { study, trials } = useProgress();
  const texts = useTexts();
  const ids = [...trials.keys()];
  const place = ids.indexOf(trial.id);
  return (
    <>
      <nav class="quiet" aria-label={texts.trial.back}>
        <StudyLink study={study.id} /> / <Neighbour trial={ids[place - 1]} label={texts.trial.previous} sign="←" />{" "}
        <Neighbour trial={place < 0 ? undefined : ids[place + 1]} label={texts.trial.next} sign="→" />
      </nav>
      <div class="title-bar">
        <h1>{texts.trial.title(trial.id)}</h1>
        <Badge state={trialStateName(trial)} />
        {trial.id === study.bestTrialId && <span class="best-mark">★ {texts.trials.best}</span>}
        <ConnectionMark />
        <TrialActions trial={trial} />
      </div>
    </>
  );
}

function Neighbour({ trial, label, sign }: { trial: string | undefined; label: string; sign: string }) {
  const { study } = useProgress();
  if (trial === undefined) return null;
  return (
    <Link to={{ page: "trial", study: study.id, trial }} label={label}>
      {sign} {trial}
    </Link>
  );
}

function TrialMessages({ trial: { message, waiting, replicates, retries, tests } }: { trial: Trial }) {
  const { trials } = useTexts();
  const origin = replicates && trials.replicate(replicates.trialId);
  const lines = [origin, retries && trials.retryOf(retries), tests && trials.testOf(tests), waiting?.message];
  return (
    <>
      {lines.filter(Boolean).map((line) => (
        <Notice key={line} kind="info">
          {line}
        </Notice>
      ))}
      {message !== "" && <Notice kind="warning">{message}</Notice>}
    </>
  );
}
