// Moments of an execution's learning curve, in scores (the larger one is better).
//
//   t   epoch of the execution, from 0
//   b   best score up to t
//   f   best score of the whole execution
//   g   gain that remains, f - b, at least 0
//   p   progress: the gain of b in the latter half of the epochs of the phase
//
// A phase ends where a callback reduces the learning rate. A reduction lifts a curve at once, so
// only moments of the same phase are comparable, at the same number of epochs since its start.

import { type Goal, scoreOf } from "../../objective/goal.js";
import type { LearningCurve } from "../contract/pruner.js";
import { bestSoFar } from "../learning-curve/best-so-far.js";

/** A rate below this share of the one before is a reduction. Callbacks reduce by much more. */
const REDUCTION_SHARE = 0.9;

/** The place of an epoch in the phases of its execution. */
export interface PhasePlace {
  /** Number of reductions before the epoch. */
  readonly phase: number;
  /** Epochs since the start of the phase, from 0. */
  readonly age: number;
}

/** An execution of a trial. */
export interface Execution {
  /** The objective of each epoch. */
  readonly objectives: readonly number[];
  /** The learning rate of each epoch. */
  readonly learningRates: readonly number[];
}

/** Returns an execution that a trial has begun. */
export function executionAt({ executions, learningRates }: LearningCurve, execution: number): Execution {
  return {
    objectives: executions[execution] as readonly number[],
    learningRates: learningRates[execution] as readonly number[],
  };
}

/** A moment of an execution. */
export interface Moment {
  readonly best: number;
  readonly progress: number;
  readonly final: number;
}

/** The first epoch of each phase by the array of learning rates, which never changes. */
const knownStarts = new WeakMap<readonly number[], readonly number[]>();

/**
 * Returns the first epoch of each phase. A rate that also changed in the epoch before follows a
 * schedule, which has no phases.
 */
function phaseStarts(rates: readonly number[]): readonly number[] {
  const known = knownStarts.get(rates);
  if (known !== undefined) return known;
  const starts = [0];
  for (let epoch = 1; epoch < rates.length; epoch++) {
    const before = rates[epoch - 1] as number;
    const wasConstant = epoch === 1 || rates[epoch - 2] === before;
    if (wasConstant && (rates[epoch] as number) < REDUCTION_SHARE * before) starts.push(epoch);
  }
  knownStarts.set(rates, starts);
  return starts;
}

/**
 * Returns the place of an epoch of an execution.
 *
 * @param epoch - from 0; by default the last one
 */
export function placeOf({ objectives, learningRates }: Execution, epoch: number = objectives.length - 1): PhasePlace {
  const starts = phaseStarts(learningRates);
  const phase = starts.findLastIndex((start) => start <= epoch);
  return { phase, age: epoch - (starts[phase] as number) };
}

/**
 * Returns the moment of an execution at a place; the last moment of the phase if the phase was
 * shorter, and undefined if the execution has no such phase.
 */
export function momentAt({ objectives, learningRates }: Execution, place: PhasePlace, goal: Goal): Moment | undefined {
  const starts = phaseStarts(learningRates);
  const start = starts[place.phase];
  if (start === undefined) return undefined;
  const end = (starts[place.phase + 1] ?? objectives.length) - 1;
  const epoch = Math.min(start + place.age, end);
  const bests = bestSoFar(objectives, goal);
  const scoreAt = (at: number) => scoreOf(bests[at] as number, goal);
  const before = Math.max(0, epoch - Math.ceil((epoch - start + 1) / 2));
  return { best: scoreAt(epoch), progress: scoreAt(epoch) - scoreAt(before), final: scoreAt(objectives.length - 1) };
}
