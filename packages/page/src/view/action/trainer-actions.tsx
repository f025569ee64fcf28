import type { LiveTrainer } from "@sintonia/proto/sintonia/v1/admin";
import { usePage, useTexts } from "../part/context.js";
import { ActionButton, fieldText, ReasonField } from "./action-button.js";

/** Greatest number of characters of a cordon's reason; the coordinator cuts longer ones. */
const REASON_MAX = 200;

/** What an operator can do with a trainer. */
export function TrainerActions({ trainer, onDone }: { trainer: LiveTrainer; onDone: () => void }) {
  const { client } = usePage();
  const { action } = useTexts();
  const { id, cordon } = trainer;
  return (
    <div class="actions">
      {cordon === undefined && (
        <ActionButton
          title={action.cordon}
          text={action.cordonText}
          run={(form) => client.cordon(id, fieldText(form, "reason"))}
          onDone={onDone}
        >
          <ReasonField max={REASON_MAX} />
        </ActionButton>
      )}
      {cordon?.drains !== true && (
        <ActionButton
          title={action.drain}
          text={action.drainText}
          run={(form) => client.drain(id, fieldText(form, "reason"))}
          onDone={onDone}
        >
          <ReasonField max={REASON_MAX} />
        </ActionButton>
      )}
      {cordon && (
        <ActionButton
          title={action.uncordon}
          text={action.uncordonText}
          run={() => client.uncordon(id)}
          onDone={onDone}
        />
      )}
    </div>
  );
}
