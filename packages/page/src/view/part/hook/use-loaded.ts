import { useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import type { Answer } from "../../../api/answer.js";
import { noteFault } from "../../../store/page.js";
import { usePage } from "../context.js";

/** A value that is loaded once, or in intervals. */
export interface Loaded<T> {
  /** Undefined until the first answer. */
  readonly answer: Answer<T> | undefined;
  readonly reload: () => void;
}

/**
 * Loads a value while the view is shown. Keeps the previous value while it loads again, unless the
 * key has changed.
 *
 * @param key - names the value; another key loads another value
 * @param everyMs - shortest pause between two loads; undefined to load once
 */
export function useLoaded<T>(key: string, load: () => Promise<Answer<T>>, everyMs?: number): Loaded<T> {
  const page = usePage();
  const loaded = useSignal<{ readonly key: string; readonly answer: Answer<T> } | undefined>(undefined);
  const round = useSignal(0);
  useEffect(() => {
    let isShown = true;
    let cancel = (): void => undefined;
    const repeat = async (): Promise<void> => {
      const startMs = performance.now();
      const answer = await load();
      const durationMs = performance.now() - startMs;
      if (!isShown) return;
      loaded.value = { key, answer };
      if (!answer.ok) noteFault(page, answer.fault);
      if (everyMs !== undefined) cancel = page.effects.after(pauseMs(everyMs, durationMs), () => void repeat());
    };
    void repeat();
    return () => {
      isShown = false;
      cancel();
    };
  }, [key, round.value, everyMs]);
  const answer = loaded.value?.key === key ? loaded.value.answer : undefined;
  return {
    answer,
    reload: () => {
      round.value += 1;
    },
  };
}

/** Pause after a load, in durations of the load: long lists take at most a ninth of the time. */
const PAUSE_DURATIONS = 8;

function pauseMs(everyMs: number, durationMs: number): number {
  return Math.max(everyMs, PAUSE_DURATIONS * durationMs);
}
