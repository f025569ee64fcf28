import type { ParameterValue } from "@sintonia/proto/sintonia/v1/study";
import { useId } from "preact/hooks";
import { parsedValue, type SpecParameter, spaceOf } from "../../store/study/objective.js";
import { usePage, useProgress, useTexts } from "../part/context.js";
import { ActionButton, ActionForm, fieldText } from "./action-button.js";

/** Values with which the form of a new trial is filled. */
type Filled = Readonly<Record<string, ParameterValue>>;

/** A button that enqueues a trial, filled with the values of the best one. */
export function EnqueueButton() {
  const { study, trials } = useProgress();
  const { action } = useTexts();
  const enqueue = useEnqueue();
  return (
    <ActionButton title={action.enqueue} text={action.enqueueText} {...enqueue}>
      <ParameterFields filled={trials.get(study.bestTrialId)?.values ?? {}} />
    </ActionButton>
  );
}

/** The form of a new trial, filled with the values of a point in a plot. */
export function EnqueueForm({ filled, close }: { filled: Filled; close: () => void }) {
  const { action } = useTexts();
  const enqueue = useEnqueue();
  return (
    <ActionForm title={action.enqueue} text={action.enqueueText} close={close} {...enqueue}>
      <ParameterFields filled={filled} />
    </ActionForm>
  );
}

function useEnqueue() {
  const { client } = usePage();
  const { study } = useProgress();
  const { action } = useTexts();
  return {
    run: (form: FormData) => client.enqueue(study.id, valuesOf(form, spaceOf(study))),
    doneText: ({ trialId }: { trialId: string }) => action.enqueued(trialId),
  };
}

function ParameterFields({ filled }: { filled: Filled }) {
  const { study } = useProgress();
  const form = useId();
  return (
    <>
      {Object.entries(spaceOf(study))
        .filter(([, { type }]) => type !== "fixed")
        .map(([name, parameter]) => (
          <label key={name} for={`${form}-${name}`}>
            {name}
            <ParameterField id={`${form}-${name}`} name={name} parameter={parameter} value={filled[name]} />
          </label>
        ))}
    </>
  );
}

interface ParameterFieldProps {
  readonly id: string;
  readonly name: string;
  readonly parameter: SpecParameter;
  readonly value: ParameterValue | undefined;
}

function ParameterField({ id, name, parameter, value }: ParameterFieldProps) {
  const { action } = useTexts();
  const text = String(value?.kind?.value ?? "");
  const choices = parameter.type === "boolean" ? [true, false] : parameter.values;
  if (choices === undefined) {
    const bounds = `${parameter.min} – ${parameter.max}`;
    return (
      <input id={id} name={name} defaultValue={text} placeholder={bounds} inputMode="decimal" autocomplete="off" />
    );
  }
  return (
    <select id={id} name={name}>
      {parameter.when !== undefined && <option value="">{action.inactive}</option>}
      {choices.map((choice) => (
        <option key={String(choice)} value={String(choice)} selected={String(choice) === text}>
          {String(choice)}
        </option>
      ))}
    </select>
  );
}

function valuesOf(form: FormData, space: Readonly<Record<string, SpecParameter>>): Record<string, ParameterValue> {
  const values: Record<string, ParameterValue> = {};
  for (const [name, parameter] of Object.entries(space)) {
    const value = parsedValue(parameter, fieldText(form, name));
    if (value !== undefined) values[name] = value;
  }
  return values;
}
