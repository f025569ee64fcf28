/** A group of trials that are compared with each other at its rungs. */
export interface Bracket {
  /** Number of the bracket in its pruner, from 0; undefined if there is no other. */
  readonly number: number | undefined;
  /** Epochs of each rung, ascending; below the largest number of epochs. */
  readonly rungs: readonly number[];
}

/** Returns the rungs first * factor^k, k = 0, 1, ..., below a number of epochs. */
export function rungsBelow(epochs: number, first: number, factor: number): number[] {
  const rungs: number[] = [];
  for (let rung = first; rung < epochs; rung *= factor) rungs.push(rung);
  return rungs;
}

/** Assigns trials to brackets. */
export interface BracketPlan {
  readonly reductionFactor: number;
  /** Returns the bracket of a trial. */
  bracketOf(trialNumber: number, maxEpochs: number | undefined): Bracket;
}
