// With the selection rule `replicate`, the best trials are executed again once the oracle's trials have ended: in rounds,
// each contender once with a round's seed. Every such execution is a trial of its own.

import { selectionOf, trialsMax } from "@sintonia/tuning/spec/selection";
import type { EventOf } from "../state/event.js";
import { findTrial, type Study, type Trial, trialIdOf } from "../state/study.js";

/** The trials that the oracle or the spec proposed: all but replicates. */
export function searchTrials(study: Study): readonly Trial[] {
  return study.trials.filter((trial) => trial.replicates === undefined);
}

/** How many trials are to be executed again at most, and how often; undefined with other rules. */
export function replication({ spec }: Study): { readonly top: number; readonly executions: number } | undefined {
  const selection = selectionOf(spec);
  return selection.rule === "replicate" ? selection : undefined;
}

/**
 * Whether executions are still to be proposed before the best trial can be chosen. Among fewer than two completed trials
 * there is nothing to choose.
 */
export function wantsReplicates(study: Study): boolean {
  const wanted = replication(study);
  if (wanted === undefined) return false;
  const { contenders } = study;
  if (contenders === undefined) return searchTrials(study).filter(({ state }) => state === "completed").length >= 2;
  return replicateCount(study) < contenders.length * wanted.executions;
}

/** The next replicates to be proposed, so many at most: rounds one after the other, so that early ones can be compared. */
export function nextReplicates(study: Study, count: number): readonly EventOf<"trial-queued">[] {
  const { contenders = [], spec, trials } = study;
  const made = replicateCount(study);
  const left = contenders.length * (replication(study)?.executions ?? 0) - made;
  return Array.from({ length: Math.max(0, Math.min(count, left)) }, (_, i) => {
    const trialId = contenders[(made + i) % contenders.length] as string;
    const round = Math.floor((made + i) / contenders.length);
    return {
      type: "trial-queued",
      trialId: trialIdOf(trials.length + i, trialsMax(spec)),
      values: findTrial(study, trialId)?.values ?? {},
      source: "replicate",
      replicates: { trialId, round },
    };
  });
}

/** Trials that the study will have made at its end, as far as is known now. */
export function expectedTrials(study: Study): number {
  const { contenders, spec } = study;
  if (contenders === undefined) return trialsMax(spec);
  return searchTrials(study).length + contenders.length * (replication(study)?.executions ?? 0);
}

function replicateCount(study: Study): number {
  return study.trials.length - searchTrials(study).length;
}
