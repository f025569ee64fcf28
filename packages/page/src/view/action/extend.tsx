import { BudgetLimit, type BudgetUse } from "@sintonia/proto/sintonia/v1/study";
import { failure } from "../../api/answer.js";
import type { LargerLimits } from "../../api/client.js";
import { useFollowedStudy, usePage, useProgress, useReader, useTexts } from "../part/context.js";
import { ActionButton, fieldText } from "./action-button.js";

/** Each limit of a study with its field of the request, and the largest value of that field. */
const FIELDS = [
  { limit: BudgetLimit.TRIALS, name: "maxTrials", most: 10_000 },
  { limit: BudgetLimit.EPOCHS, name: "maxEpochs", most: 1e9 },
  { limit: BudgetLimit.SECONDS, name: "maxSeconds", most: 315_360_000 },
  { limit: BudgetLimit.TRAINER_SECONDS, name: "maxTrainerSeconds", most: 31_536_000_000 },
  { limit: BudgetLimit.IMPROVEMENT, name: "minImprovement", most: undefined },
  { limit: BudgetLimit.GAP, name: "maxGap", most: undefined },
] as const satisfies readonly { limit: BudgetLimit; name: keyof LargerLimits; most: number | undefined }[];

type Field = (typeof FIELDS)[number];

/** A button that gives a study a larger budget, with a field for each of its limits. */
export function ExtendButton() {
  const { client } = usePage();
  const followed = useFollowedStudy();
  const { study } = useProgress();
  const { action } = useTexts();
  const offered = study.budget.flatMap((use) => {
    const field = FIELDS.find(({ limit }) => limit === use.limit);
    return field === undefined || use.max >= (field.most ?? Number.POSITIVE_INFINITY) ? [] : [{ field, use }];
  });
  return (
    <ActionButton
      title={action.extend}
      text={action.extendText}
      run={async (form) => {
        const limits = limitsIn(form);
        if (Object.keys(limits).length === 0) return failure("INVALID_ARGUMENT", action.noLimit);
        return client.extend(study.id, limits);
      }}
      onDone={followed.restart}
    >
      {offered.map(({ field, use }) => (
        <LimitField key={field.name} field={field} use={use} isOnly={offered.length === 1} />
      ))}
    </ActionButton>
  );
}

/** The field of a limit. A study with several limits may keep some: their fields stay empty. */
function LimitField({ field, use: { max }, isOnly }: { field: Field; use: BudgetUse; isOnly: boolean }) {
  const { action } = useTexts();
  const reader = useReader();
  const isCount = field.name === "maxTrials" || field.name === "maxEpochs";
  return (
    <label>
      {action.limits[field.name]}
      <input
        name={field.name}
        type="number"
        step={isCount ? 1 : "any"}
        required={isOnly}
        min={field.most === undefined ? 0 : isCount ? max + 1 : max}
        max={field.most ?? max}
        placeholder={action.present(reader.number(max, 9))}
        defaultValue={isOnly ? String(Math.min(2 * max, field.most ?? 2 * max)) : ""}
      />
    </label>
  );
}

function limitsIn(form: FormData): LargerLimits {
  const given = FIELDS.filter(({ name }) => fieldText(form, name) !== "");
  return Object.fromEntries(given.map(({ name }) => [name, Number(fieldText(form, name))]));
}
