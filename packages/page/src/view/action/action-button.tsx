import { useSignal } from "@preact/signals";
import type { ComponentChildren } from "preact";
import { useRef } from "preact/hooks";
import type { Answer, Fault } from "../../api/answer.js";
import { usePage, useTexts } from "../part/context.js";
import { FaultNotice } from "../part/notice.js";

interface ActionProps<T> {
  readonly title: string;
  /** The consequences, told before the reader confirms. */
  readonly text: string;
  readonly danger?: boolean;
  /** Fields of the form. Their values reach `run` by the names of the fields. */
  readonly children?: ComponentChildren;
  readonly run: (form: FormData) => Promise<Answer<T>>;
  readonly onDone?: (value: T) => void;
  /** Returns the message about the success. */
  readonly doneText?: (value: T) => string;
}

/** A button that opens a dialog, in which the reader confirms an action. Only for operators. */
export function ActionButton<T>(props: ActionProps<T>) {
  const dialog = useRef<HTMLDialogElement>(null);
  if (usePage().caller.value?.isOperator !== true) return null;
  return (
    <>
      <button type="button" class={props.danger ? "danger" : ""} onClick={() => dialog.current?.showModal()}>
        {props.title}
      </button>
      <dialog ref={dialog} aria-label={props.title}>
        <ActionForm {...props} close={() => dialog.current?.close()} />
      </dialog>
    </>
  );
}

/** The form of an action: fields, confirmation, and the refusal of the coordinator. */
export function ActionForm<T>(props: ActionProps<T> & { readonly close: () => void }) {
  const page = usePage();
  const texts = useTexts();
  const fault = useSignal<Fault | undefined>(undefined);
  const isBusy = useSignal(false);
  const submit = async (event: SubmitEvent): Promise<void> => {
    event.preventDefault();
    isBusy.value = true;
    const answer = await props.run(new FormData(event.currentTarget as HTMLFormElement));
    isBusy.value = false;
    fault.value = answer.ok ? undefined : answer.fault;
    if (!answer.ok) return;
    page.notice.value = props.doneText?.(answer.value) ?? texts.action.done(props.title);
    props.close();
    props.onDone?.(answer.value);
  };
  return (
    <form onSubmit={(event) => void submit(event)}>
      <h2>{props.title}</h2>
      <p>{props.text}</p>
      {props.children}
      {fault.value && <FaultNotice fault={fault.value} />}
      <div class="buttons">
        <button type="button" onClick={props.close}>
          {texts.common.cancel}
        </button>
        <button type="submit" class={props.danger ? "danger primary" : "primary"} disabled={isBusy.value}>
          {props.title}
        </button>
      </div>
    </form>
  );
}

/** A field for the reason of an action, which the log keeps. */
export function ReasonField({ max = 1000 }: { max?: number }) {
  return (
    <label>
      {useTexts().common.reason}
      <input name="reason" maxLength={max} autocomplete="off" />
    </label>
  );
}

/** Returns the text of a field. */
export function fieldText(form: FormData, name: string): string {
  return String(form.get(name) ?? "").trim();
}
