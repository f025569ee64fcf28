import { StudyState } from "@sintonia/proto/sintonia/v1/study";
import { usePage, useProgress, useTexts } from "../part/context.js";
import { ActionButton, fieldText, ReasonField } from "./action-button.js";
import { EnqueueButton } from "./enqueue.js";
import { ExtendButton } from "./extend.js";

/** What an operator can do with a study in its present state. */
export function StudyActions() {
  const { study } = useProgress();
  if (usePage().mode === "report") return null;
  const isActive = study.state === StudyState.ACTIVE;
  const canExtend = study.state !== StudyState.FAILED && study.state !== StudyState.FINALIZING;
  return (
    <div class="actions">
      {isActive && (study.pause ? <ResumeButton /> : <PauseButton />)}
      {isActive && <EnqueueButton />}
      {canExtend && <ExtendButton />}
      {isActive && study.stopping === undefined && <StopButton isNow={false} />}
      {isActive && <StopButton isNow />}
    </div>
  );
}

function PauseButton() {
  const { client } = usePage();
  const { study } = useProgress();
  const { action } = useTexts();
  return (
    <ActionButton
      title={action.pause}
      text={action.pauseText}
      run={(form) => client.pause(study.id, fieldText(form, "reason"))}
    >
      <ReasonField />
    </ActionButton>
  );
}

function ResumeButton() {
  const { client } = usePage();
  const { study } = useProgress();
  const { action } = useTexts();
  return <ActionButton title={action.resume} text={action.resumeText} run={() => client.resume(study.id)} />;
}

function StopButton({ isNow }: { isNow: boolean }) {
  const { client } = usePage();
  const { study } = useProgress();
  const { action } = useTexts();
  const mode = isNow ? "STOP_MODE_NOW" : "STOP_MODE_AFTER_RUNNING";
  return (
    <ActionButton
      title={isNow ? action.stopNow : action.stopAfter}
      text={isNow ? action.stopNowText : action.stopAfterText}
      danger
      run={(form) => client.stop(study.id, mode, fieldText(form, "reason"))}
    >
      <ReasonField />
    </ActionButton>
  );
}
