// With the selection rule `replicate`, the study executes its best trials again once the oracle's
// trials have ended: in rounds, each contender once per round, all with the seed of the round.
// Every such execution is a trial of its own, a replicate.

import { selectionOf, trialsMax } from "@sintonia/tuning/spec/selection";
import { maxTrialsOf, type Replication, type Study, type Trial } from "../state/study.js";

/** Returns the trials that the oracle or the spec proposed: all except replicates. */
export function searchTrials(study: Study): readonly Trial[] {
  return study.trials.filter((trial) => trial.replicates === undefined);
}

/**
 * Returns the maximum number of contenders and the executions of each; undefined unless the rule
 * is `replicate`.
 */
export function replication({ spec }: Study): { readonly top: number; readonly executions: number } | undefined {
  const selection = selectionOf(spec);
  return selection.rule === "replicate" ? selection : undefined;
}

/**
 * Tells whether the study needs replicates before it can choose the best trial. It needs none if
 * fewer than two trials completed.
 */
export function wantsReplicates(study: Study): boolean {
  if (replication(study) === undefined) return false;
  if (study.contenders !== undefined) return missingReplicates(study).length > 0;
  return searchTrials(study).filter(({ state }) => state === "completed").length >= 2;
}

/** Tells whether the study waits for its contenders. */
export function awaitsContenders({ status, searchEnded, contenders }: Study): boolean {
  return status === "active" && searchEnded === true && contenders === undefined;
}

/**
 * Returns the replicates that the study has still to queue, round by round; none until the
 * contenders are chosen. A contender of an extended study keeps the replicates that it has.
 */
export function missingReplicates(study: Study): readonly Replication[] {
  const { contenders = [], trials } = study;
  const made = new Set(trials.flatMap(({ replicates }) => (replicates === undefined ? [] : [keyOf(replicates)])));
  const rounds = Array.from({ length: replication(study)?.executions ?? 0 }, (_, round) => round);
  return rounds
    .flatMap((round) => contenders.map((trialId) => ({ trialId, round })))
    .filter((replicate) => !made.has(keyOf(replicate)));
}

function keyOf({ trialId, round }: Replication): string {
  return `${trialId}/${round}`;
}

/**
 * Returns the number of trials at the study's end; an upper bound until the contenders are chosen.
 */
export function expectedTrials(study: Study): number {
  const { contenders, spec, trials, spentLimit } = study;
  if (contenders !== undefined) return trials.length + missingReplicates(study).length;
  const made = searchTrials(study).length;
  const maxTrials = spentLimit === undefined ? maxTrialsOf(study) : made;
  // An extended study has the replicates of its former contenders.
  return trials.length - made + trialsMax({ ...spec, budget: { ...spec.budget, maxTrials } });
}
