import type { GetSurrogateResponse } from "@sintonia/proto/sintonia/v1/admin";
import type { ParameterValue } from "@sintonia/proto/sintonia/v1/study";
import { useEffect, useRef, useState } from "preact/hooks";
import type { Value } from "../../../plot/data/study-data.js";
import { isOver } from "../../../store/study/state/states.js";
import { EnqueueForm } from "../../action/enqueue.js";
import { usePage, useProgress, useTexts } from "../../part/context.js";
import { wrappedValue } from "./wrapped-value.js";

type Values = Readonly<Record<string, ParameterValue>>;

/** A way to enqueue the point at which an operator clicks into a plot. */
export interface EnqueuePoint {
  /** Opens the form of a point; undefined where nobody may enqueue. */
  readonly open: ((values: Readonly<Record<string, Value>>) => void) | undefined;
  /** The form while it is open, and the sentence that explains it. */
  readonly view: preact.ComponentChildren;
}

/**
 * Returns a way to enqueue a point of a plot.
 *
 * @param surrogate - whose values the other parameters get; before it is loaded, those of the best
 * trial
 */
export function useEnqueuePoint(surrogate: GetSurrogateResponse | undefined): EnqueuePoint {
  const { caller, mode } = usePage();
  const { study, trials } = useProgress();
  const { parameters: texts } = useTexts();
  const [filled, setFilled] = useState<Values | undefined>(undefined);
  const mayEnqueue = mode === "server" && caller.value?.isOperator === true && !isOver(study);
  if (!mayEnqueue) return { open: undefined, view: null };
  const base = surrogate?.through?.values ?? trials.get(study.bestTrialId)?.values ?? {};
  return {
    open: (values) => {
      const chosen = Object.entries(values).map(([name, value]) => [name, wrappedValue(value)]);
      setFilled({ ...base, ...Object.fromEntries(chosen) });
    },
    view: (
      <>
        <p class="quiet">{texts.clickToEnqueue}</p>
        {filled && <EnqueueDialog filled={filled} close={() => setFilled(undefined)} />}
      </>
    ),
  };
}

function EnqueueDialog({ filled, close }: { filled: Values; close: () => void }) {
  const dialog = useRef<HTMLDialogElement>(null);
  const { action } = useTexts();
  useEffect(() => dialog.current?.showModal(), []);
  return (
    <dialog ref={dialog} aria-label={action.enqueue} onClose={close}>
      <EnqueueForm filled={filled} close={() => dialog.current?.close()} />
    </dialog>
  );
}
