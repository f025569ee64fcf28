import type { ComponentChildren } from "preact";
import type { Answer, Fault } from "../../api/answer.js";
import { useTexts } from "./context.js";

/** A message in a box. */
export function Notice({ kind, children }: { kind: "info" | "warning" | "error"; children: ComponentChildren }) {
  return (
    <div class={`notice ${kind}`} role={kind === "error" ? "alert" : undefined}>
      {children}
    </div>
  );
}

/** A fault, in the words of the coordinator. */
export function FaultNotice({ fault, retry }: { fault: Fault; retry?: () => void }) {
  const texts = useTexts();
  const isAway = fault.code === "UNREACHABLE" || fault.code === "UNAVAILABLE";
  return (
    <Notice kind="error">
      <p>{isAway ? texts.fault.unreachable : fault.message || texts.fault.title}</p>
      {retry && (
        <button type="button" onClick={retry}>
          {texts.common.retry}
        </button>
      )}
    </Notice>
  );
}

/** Shows a loaded value, or that it is loading, or its fault. */
export function Awaited<T>(props: {
  answer: Answer<T> | undefined;
  retry?: () => void;
  children: (value: T) => ComponentChildren;
}) {
  const texts = useTexts();
  if (props.answer === undefined) return <p class="loading">{texts.common.loading}</p>;
  if (!props.answer.ok) return <FaultNotice fault={props.answer.fault} {...(props.retry && { retry: props.retry })} />;
  return <>{props.children(props.answer.value)}</>;
}
