// The places that the rungs of the race have for the finalists, who train to their end.
//
//   r    epochs of the rung
//   n    trials that have reached it
//   f    finalists
//   w    width: trials that the rung lets pass at least, once no further trial can begin
//
// Stated finalists are chosen by halves, w = max(f, min(f √(16 / r), n / 2)): 4 f trials reach the
// rung of 4 epochs, 2 f that of 16. One epoch ranks trials badly where their learning rates differ,
// because fast trainings lead at first; further epochs cost little beside whole trainings.

import type { LearningCurve, PromotionRequest } from "../../contract/pruner.js";
import { isBeyondRungs, REDUCTION_FACTOR } from "./rungs.js";

/** One of so many trials is a finalist if none are stated: as many as two rungs let pass. */
const TRIALS_PER_FINALIST = REDUCTION_FACTOR ** 2;
/** Epochs of the lowest rung that lets only the finalists pass. */
const FINAL_RUNG = REDUCTION_FACTOR ** 2;

/** A rung, and how many trials have reached it. */
export interface ReachedRung {
  readonly rung: number;
  readonly reached: number;
}

/**
 * Returns how many trials a rung lets pass for stated finalists, once no further trial can begin.
 */
export function widthAt({ rung, reached }: ReachedRung, finalists: number): number {
  const field = finalists * Math.sqrt(FINAL_RUNG / rung);
  return Math.max(finalists, Math.floor(Math.min(field, reached / 2)));
}

/** Returns how many finalists a search of so many trials has if none are stated. */
export function finalistsOf(trials: number): number {
  return Math.max(1, Math.floor(trials / TRIALS_PER_FINALIST));
}

/**
 * Returns how many trials a rung lets pass for the finalists in all, once no further trial can
 * begin.
 *
 * @param trials - all trials of the search
 * @param finalists - number of finalists of the whole search; undefined for one in 16 trials
 */
export function passingAt(at: ReachedRung, trials: readonly LearningCurve[], finalists: number | undefined): number {
  if (finalists === undefined) return finalistsOf(trials.length);
  return isLastRung(at.rung, trials) ? finalists : widthAt(at, finalists);
}

/**
 * Returns how many more trials a rung lets pass for the finalists; 0 or less if it has no place.
 * Trials that completed or were pruned beyond the rung have had their chance.
 *
 * @param finalists - number of finalists of the whole search; undefined for one in 16 trials
 */
export function placesAt(
  at: ReachedRung,
  { trials, canBegin }: Pick<PromotionRequest, "trials" | "canBegin">,
  finalists: number | undefined,
): number {
  const passed = trials.filter((trial) => hasPassed(trial, at.rung)).length;
  const share = Math.floor(trials.length / TRIALS_PER_FINALIST);
  // One place stays free until all trials have begun: the last finalist is chosen from all of them.
  if (canBegin) return Math.min(share, finalists ?? share) - 1 - passed;
  return passingAt(at, trials, finalists) - passed;
}

/** Returns true for a trial that went on from the rung, or completed without it. */
export function hasPassed(trial: LearningCurve, rung: number): boolean {
  const { state, promotedFrom } = trial;
  return state === "completed" || (state !== "ended" && (promotedFrom >= rung || isBeyondRungs(trial)));
}

/** Returns true if no completed training had the epochs of the next rung. */
function isLastRung(rung: number, trials: readonly LearningCurve[]): boolean {
  const lengths = trials.flatMap(({ state, executions: [first = []] }) => (state === "completed" ? first.length : []));
  return lengths.length > 0 && Math.max(...lengths) < rung * REDUCTION_FACTOR;
}
