// The race: trials wait at rungs, and the best of them go on.

import type { LearningCurve, Promotion, PromotionRequest } from "../../contract/pruner.js";
import { bestOf } from "../../halving/rung.js";
import { placesAt, type ReachedRung } from "./finalists.js";
import { isBeyondRungs, quarterOf, reachedRung } from "./rungs.js";
import { standingAt } from "./standing.js";

/**
 * Trials at the first rung before the first promotion, as long as further trials can begin: the
 * best of a few trials is often overtaken. About the size of a small study.
 */
const STARTERS = 10;

/** A rung with the trials that wait at it, best first. */
interface HeldRung extends ReachedRung {
  /** Trials that the rung lets go on by itself. */
  readonly due: readonly Promotion[];
  readonly others: readonly Promotion[];
}

/**
 * Returns the paused trials to promote.
 *
 * - Trials among the best floor(n / 4) of the n at their rung go on. The first rung waits for ten
 *   trials. The highest rung comes first, then the best score, then the lower number.
 * - Further trials go on from the lowest rung that has places for the finalists, once all promoted
 *   trials have reached it.
 * - Once no further trial can begin, all trials reach the first rung before one is promoted.
 * - In the end one at least is promoted if none has completed.
 *
 * @param finalists - number of finalists of the whole search; undefined for one in 16 trials
 */
export function racePromotions(request: PromotionRequest, finalists: number | undefined): readonly Promotion[] {
  const { trials, canBegin, isLast } = request;
  if (!canBegin && trials.some(({ state, promotedFrom }) => state === "running" && promotedFrom === 0)) return [];
  const held = heldRungs(request);
  const promoted = [...held.flatMap(({ due }) => due), ...furtherFinalists(held, request, finalists)];
  const isNeeded = isLast && promoted.length === 0 && trials.every(({ state }) => state !== "completed");
  return isNeeded ? (held[0]?.others.slice(0, 1) ?? []) : promoted;
}

/** Returns the trials that go on beside the best quarters: those of the lowest rung with places. */
function furtherFinalists(
  held: readonly HeldRung[],
  request: PromotionRequest,
  finalists: number | undefined,
): readonly Promotion[] {
  for (const at of held.toReversed()) {
    if (request.trials.some((trial) => isOnTheWay(trial, at.rung))) return [];
    const places = placesAt(at, request, finalists) - at.due.length;
    if (places > 0) return at.others.slice(0, places);
    if (at.due.length > 0) return [];
  }
  return [];
}

/** Returns true for a promoted trial that has not reached the rung. */
function isOnTheWay(trial: LearningCurve, rung: number): boolean {
  const { state, promotedFrom } = trial;
  return state === "running" && promotedFrom > 0 && promotedFrom < rung && !isBeyondRungs(trial);
}

/** Returns the rungs at which trials wait, the highest one first. */
function heldRungs({ trials, goal, canBegin }: PromotionRequest): readonly HeldRung[] {
  const paused = trials.filter(({ state }) => state === "paused");
  const rungs = [...new Set(paused.flatMap((curve) => reachedRung(curve) ?? []))].sort((a, b) => b - a);
  return rungs.map((epochs) => {
    const rung = standingAt(epochs, trials, goal);
    const isOpen = epochs > 1 || !canBegin || rung.curves.length >= STARTERS;
    const best = new Set(isOpen ? bestOf(rung, quarterOf(rung.curves.length)) : []);
    const waiting = rung.curves
      .map((curve, i) => ({ curve, score: rung.scores[i] as number }))
      .filter(({ curve }) => curve.state === "paused" && reachedRung(curve) === epochs)
      .sort((a, b) => b.score - a.score || a.curve.trialNumber - b.curve.trialNumber);
    const promotions = (isDue: boolean) =>
      waiting
        .filter(({ curve }) => best.has(curve) === isDue)
        .map(({ curve }) => ({ trialNumber: curve.trialNumber, rung: epochs }));
    return { rung: epochs, reached: rung.curves.length, due: promotions(true), others: promotions(false) };
  });
}
