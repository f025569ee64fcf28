// The expected end of a training with early stopping: it ends `patience` epochs after its best one,
// or with its largest number of epochs.
//
// Epoch t, from 1, is a new best one with probability min(1, c / t). Of independent values c would
// be 1; learning makes new best epochs likelier, and reductions of the learning rate make later
// ones rare. `stopping-of-plan.ts` has the values of c. docs/pruning/time-left.md has the errors.

import type { Objective } from "../training-plan.js";

/** What decides when a training of a plan ends. */
export interface Stopping {
  /** Epochs; at least `maxEpochs` without early stopping. */
  readonly patience: number;
  readonly maxEpochs: number;
  /** The numerator c, at least 1. */
  readonly newBest: number;
  /** What early stopping watches. @default nothing stops the training early */
  readonly monitored?: Objective;
}

/** How far a training is. */
export interface TrainedSoFar {
  /** Its best epoch, from 1; 0 before the first epoch. */
  readonly best: number;
  /** Number of its epochs, at least `best`. */
  readonly epochs: number;
}

/** By stopping, for each epoch t: the expected end if t is the best and the latest epoch. */
const known = new WeakMap<Stopping, Float64Array>();

/** Probability below which the later epochs of an expectation are left out. */
const NEGLIGIBLE = 1e-9;

/** Returns the expected epochs of a training, between its epochs so far and `maxEpochs`. */
export function expectedEpochs(stopping: Stopping, soFar: TrainedSoFar): number {
  if (stopping.patience >= stopping.maxEpochs) return stopping.maxEpochs;
  return endAfter(stopping, endsOf(stopping), soFar);
}

function endsOf(stopping: Stopping): Float64Array {
  const old = known.get(stopping);
  if (old !== undefined) return old;
  const ends = new Float64Array(stopping.maxEpochs + 1);
  for (let best = stopping.maxEpochs; best >= 1; best--) {
    ends[best] = endAfter(stopping, ends, { best, epochs: best });
  }
  known.set(stopping, ends);
  return ends;
}

/** @param ends - expected ends after later best epochs */
function endAfter(
  { patience, maxEpochs, newBest }: Stopping,
  ends: Float64Array,
  { best, epochs }: TrainedSoFar,
): number {
  const end = Math.max(epochs, Math.min(maxEpochs, best + patience));
  let [expected, none] = [0, 1];
  for (let epoch = epochs + 1; epoch <= end && none > NEGLIGIBLE; epoch++) {
    const isBest = Math.min(1, newBest / epoch);
    expected += none * isBest * (ends[epoch] as number);
    none *= 1 - isBest;
  }
  return expected + none * end;
}
