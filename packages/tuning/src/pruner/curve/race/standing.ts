// The standing of trials at a rung.
//
//   r    epochs of the rung
//   b_i  best score of trial i up to r
//   m_i  mean score of the latter half of its epochs up to r in their phase of the learning rate
//   ℓ_i  level, (b_i + m_i) / 2
//   g    gain that is due at a place: the mean gain that remained there to the completed trials
//   s_i  score of trial i at the rung, ℓ_i + g at its place
//
// The objective counts the best epoch, and a mean of epochs is less noisy. g counts where trials
// have reached the rung in different phases: a reduction of the learning rate that is still due
// lifts a curve.

import { type Goal, scoreOf } from "../../../objective/goal.js";
import type { LearningCurve } from "../../contract/pruner.js";
import type { Rung } from "../../halving/rung.js";
import { bestSoFar, hasEnded } from "../../learning-curve/best-so-far.js";
import { executionAt, momentAt, type PhasePlace, placeOf } from "../moments.js";

/** A trial at a rung. */
interface Standing {
  readonly curve: LearningCurve;
  readonly level: number;
  readonly place: PhasePlace;
}

/**
 * Returns a rung with the trials that have reached it, and s_i as their scores. A trial whose first
 * execution ended by itself has reached every rung.
 *
 * @param trials - all trials of the search, in the order of their numbers
 */
export function standingAt(epochs: number, trials: readonly LearningCurve[], goal: Goal): Rung {
  const standings = trials.flatMap((curve) => standingOf(curve, epochs, goal) ?? []);
  const gains = dueGains(
    standings.map(({ place }) => place),
    trials.filter(({ state }) => state === "completed"),
    goal,
  );
  const scores = Float64Array.from(standings, ({ level, place }) => level + (gains?.get(keyOf(place)) ?? 0));
  return { epochs, goal, curves: standings.map(({ curve }) => curve), scores };
}

function standingOf(curve: LearningCurve, epochs: number, goal: Goal): Standing | undefined {
  const count = curve.executions[0]?.length ?? 0;
  if (count === 0 || (count < epochs && !hasEnded(curve, 0))) return undefined;
  const execution = executionAt(curve, 0);
  const last = Math.min(epochs, count) - 1;
  const place = placeOf(execution, last);
  return { curve, level: levelOf(execution.objectives, last, { place, goal }), place };
}

/** Returns ℓ. The terms are divided before they are added, so that no sum overflows. */
function levelOf(
  objectives: readonly number[],
  last: number,
  { place, goal }: { readonly place: PhasePlace; readonly goal: Goal },
): number {
  const count = Math.ceil((place.age + 1) / 2);
  let level = scoreOf(bestSoFar(objectives, goal)[last] as number, goal) / 2;
  for (let epoch = last - count + 1; epoch <= last; epoch++) {
    level += scoreOf(objectives[epoch] as number, goal) / (2 * count);
  }
  return level;
}

/**
 * Returns g by the key of the place; undefined if all trials are at one place, or if no completed
 * trial was at one of the places: a gain for some trials alone would be unfair.
 */
function dueGains(
  places: readonly PhasePlace[],
  completed: readonly LearningCurve[],
  goal: Goal,
): ReadonlyMap<string, number> | undefined {
  const byKey = new Map(places.map((place) => [keyOf(place), place]));
  if (byKey.size < 2 || completed.length === 0) return undefined;
  const gains = new Map<string, number>();
  for (const [key, place] of byKey) {
    const moments = completed.flatMap((curve) => momentAt(executionAt(curve, 0), place, goal) ?? []);
    if (moments.length === 0) return undefined;
    gains.set(
      key,
      moments.reduce((sum, { best, final }) => sum + (final - best) / moments.length, 0),
    );
  }
  return gains;
}

function keyOf({ phase, age }: PhasePlace): string {
  return `${phase} ${age}`;
}
