import { type Trial, TrialState } from "@sintonia/proto/sintonia/v1/study";
import { isSettled } from "../../store/study/state/states.js";
import { useFollowedStudy, usePage, useProgress, useTexts } from "../part/context.js";
import { ActionButton, fieldText, ReasonField } from "./action-button.js";

/** What an operator can do with a trial in its present state. */
export function TrialActions({ trial }: { trial: Trial }) {
  const { client, mode } = usePage();
  const { study } = useProgress();
  const followed = useFollowedStudy();
  const { action } = useTexts();
  if (mode === "report" || trial.tests !== "") return null;
  const canRetry = trial.state === TrialState.FAILED || trial.state === TrialState.CANCELLED;
  return (
    <div class="actions">
      {!isSettled(trial) && (
        <ActionButton
          title={action.cancelTrial}
          text={action.cancelTrialText}
          danger
          run={(form) => client.cancel(study.id, trial.id, fieldText(form, "reason"))}
        >
          <ReasonField />
        </ActionButton>
      )}
      {canRetry && (
        <ActionButton
          title={action.retryTrial}
          text={action.retryTrialText}
          run={() => client.retry(study.id, trial.id)}
          doneText={({ trialId }) => action.enqueued(trialId)}
          onDone={followed.restart}
        />
      )}
    </div>
  );
}
