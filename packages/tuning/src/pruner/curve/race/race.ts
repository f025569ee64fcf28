// The race: trials wait at rungs, and the best of them go on.

import { objectiveOf } from "../../../objective/goal.js";
import type { Evidence, LearningCurve, Promotion, PromotionRequest, PruningRequest } from "../../contract/pruner.js";
import { bestOf, limitObjective, type Rung } from "../../halving/rung.js";
import { REDUCTION_FACTOR, reachedRung } from "./rungs.js";
import { standingAt } from "./standing.js";

/**
 * Trials at the first rung before the first promotion, as long as further trials can begin: the
 * best of a few trials is often overtaken. About the size of a small study.
 */
const STARTERS = 10;
/** One in so many trials goes on to its end: those that two rungs let pass. */
const TRIALS_PER_FINALIST = REDUCTION_FACTOR ** 2;

/** A paused trial at its rung. */
interface Waiting extends Promotion {
  readonly score: number;
  /** True if the rung lets the trial go on by itself. */
  readonly isDue: boolean;
}

/**
 * Returns the paused trials to promote. The highest rung comes first, then the best score, then the
 * lower number.
 *
 * - Trials among the best floor(n / 4) of the n at their rung go on. The first rung waits for ten
 *   trials.
 * - Further trials go on until the finalists are complete: those that completed, that are under way
 *   beyond the first rung, or that were pruned there.
 * - Once no further trial can begin, all trials reach the first rung before one is promoted.
 * - In the end one at least is promoted if none has completed.
 *
 * @param finalists - number of finalists of the whole search; undefined for one in 16 trials
 */
export function racePromotions(request: PromotionRequest, finalists: number | undefined): readonly Promotion[] {
  const { trials, canBegin, isLast } = request;
  if (!canBegin && trials.some(({ state, promotedFrom }) => state === "running" && promotedFrom === 0)) return [];
  const waiting = waitingTrials(request);
  const due = waiting.filter(({ isDue }) => isDue);
  const places = finalistsOf(request, finalists) - trials.filter(isFinalist).length - due.length;
  const isNeeded = isLast && due.length === 0 && trials.every(({ state }) => state !== "completed");
  const further = waiting.filter(({ isDue }) => !isDue).slice(0, Math.max(places, isNeeded ? 1 : 0));
  return [...due, ...further].map(({ trialNumber, rung }) => ({ trialNumber, rung }));
}

/** Returns how many finalists there may be so far. The last one is chosen from all trials. */
function finalistsOf({ trials, canBegin }: PromotionRequest, finalists: number | undefined): number {
  const share = Math.floor(trials.length / TRIALS_PER_FINALIST);
  const all = finalists ?? Math.max(1, share);
  return canBegin ? Math.min(share, all) - 1 : all;
}

function isFinalist({ state, promotedFrom }: LearningCurve): boolean {
  return state === "completed" || (promotedFrom > 0 && (state === "running" || state === "pruned"));
}

function waitingTrials({ trials, goal, canBegin }: PromotionRequest): readonly Waiting[] {
  const paused = trials.filter(({ state }) => state === "paused");
  const rungs = new Set(paused.flatMap((curve) => reachedRung(curve) ?? []));
  const found = [...rungs].flatMap((epochs) => {
    const rung = standingAt(epochs, trials, goal);
    const isOpen = epochs > 1 || !canBegin || rung.curves.length >= STARTERS;
    const due = new Set(isOpen ? bestOf(rung, promotedCount(rung)) : []);
    return rung.curves.flatMap((curve, i): Waiting[] => {
      if (curve.state !== "paused" || reachedRung(curve) !== epochs) return [];
      return [{ trialNumber: curve.trialNumber, rung: epochs, score: rung.scores[i] as number, isDue: due.has(curve) }];
    });
  });
  return found.sort((a, b) => b.rung - a.rung || b.score - a.score || a.trialNumber - b.trialNumber);
}

function promotedCount({ curves }: Rung): number {
  return Math.floor(curves.length / REDUCTION_FACTOR);
}

/**
 * Returns the standing of a trial that waits at a rung: its score as the value, and the score of
 * the last trial that goes on as the limit; of the best trial, if none goes on yet.
 */
export function evidenceAt(epochs: number, { trial, others, goal }: PruningRequest): Evidence {
  const after = others.findIndex(({ trialNumber }) => trialNumber > trial.trialNumber);
  const rung = standingAt(epochs, after < 0 ? [...others, trial] : others.toSpliced(after, 0, trial), goal);
  const value = rung.scores[rung.curves.indexOf(trial)] as number;
  const limit = limitObjective(rung, Math.max(1, promotedCount(rung)));
  // A trial that is among the best waits for further trials at the rung.
  const isAmong = rung.scores.reduce((count, score) => (score > value ? count + 1 : count), 0) < promotedCount(rung);
  const own = objectiveOf(value, goal);
  const trials = rung.curves.length;
  return { pruner: "curve", execution: 0, epoch: epochs - 1, value: own, limit: isAmong ? own : limit, trials };
}
