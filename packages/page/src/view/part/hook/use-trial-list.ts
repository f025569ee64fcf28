import type { Study, Trial } from "@sintonia/proto/sintonia/v1/study";
import { useMemo } from "preact/hooks";
import { useProgress } from "../context.js";
import { useCalm } from "./use-calm.js";

/** Returns the followed study and its trials by number, at a pace at which plots can follow. */
export function useTrialList(): { readonly study: Study; readonly trials: readonly Trial[] } {
  const latest = useProgress();
  const { study, trials } = useCalm(latest.study.id, latest, latest.trials.size);
  return useMemo(() => ({ study, trials: [...trials.values()] }), [study, trials]);
}
