import { useEffect, useRef, useState } from "preact/hooks";
import { usePage } from "../context.js";

/** Above this number of trials, a redrawn plot takes long enough to delay a reader's input. */
const MANY_TRIALS = 200;
/** Intervals between two drawings of a plot that follows the updates of a study. */
const EVERY_MS = { few: 300, many: 2_000 } as const;

/**
 * Returns a value that changes with every update at a pace at which plots can follow.
 *
 * @param key - names what is shown; another key shows its value at once
 */
export function useCalm<T>(key: string, value: T, trialCount: number): T {
  const { effects } = usePage();
  const latest = useRef(value);
  latest.current = value;
  const [shown, setShown] = useState({ key, value });
  const isBehind = shown.key === key && shown.value !== value;
  useEffect(() => {
    if (shown.key !== key) return void setShown({ key, value: latest.current });
    if (!isBehind) return undefined;
    const everyMs = trialCount > MANY_TRIALS ? EVERY_MS.many : EVERY_MS.few;
    return effects.after(everyMs, () => setShown({ key, value: latest.current }));
  }, [key, shown, isBehind]);
  return shown.key === key ? shown.value : value;
}
