// The brackets of Hyperband.
//
//   R      largest number of epochs
//   r_min  epochs of the first rung of the bracket s_max
//   eta    reduction factor
//   s      number of a bracket, 0..s_max: its number of rungs
//   n_s    its number of trials in proportion to the others'

import type { Bracket } from "./bracket.js";

/** The fractional part of the golden ratio. */
const GOLDEN = (Math.sqrt(5) - 1) / 2;

/** The brackets of a study, and the bracket of each trial. */
export interface Brackets {
  /** Bracket s at index s. */
  readonly brackets: readonly Bracket[];
  /** Returns the bracket of a trial, by its number alone. */
  bracketOf(trialNumber: number): Bracket;
}

/**
 * Returns the brackets s = 0..s_max with s_max = floor(log(R / r_min) / log(eta)). Bracket s has
 * the rungs R * eta^-s, ..., R * eta^-1, rounded to whole epochs.
 *
 * The trials with the numbers 0, 1, 2, ... fall into brackets by the fractional parts of multiples
 * of the golden ratio. Any run of successive trials is thereby shared out nearly in proportion to
 * n_s = ceil((s_max + 1) * eta^s / (s + 1)).
 *
 * @see Li et al. 2018, Hyperband, algorithm 1
 */
export function hyperbandBrackets(maxEpochs: number, minEpochs: number, factor: number): Brackets {
  const brackets: Bracket[] = [];
  for (let first = maxEpochs; brackets.length === 0 || first >= minEpochs; first /= factor) {
    const number = brackets.length;
    brackets.push({ number, rungs: rungsFrom(number, maxEpochs, factor) });
  }
  const weights = brackets.map((_, s) => Math.ceil((brackets.length * factor ** s) / (s + 1)));
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  const bracketOf = (trialNumber: number) => {
    let rest = (((trialNumber + 1) * GOLDEN) % 1) * total;
    // Most trials are in the last bracket.
    for (let s = brackets.length - 1; s > 0; s--) {
      rest -= weights[s] as number;
      if (rest < 0) return brackets[s] as Bracket;
    }
    return brackets[0] as Bracket;
  };
  return { brackets, bracketOf };
}

function rungsFrom(s: number, maxEpochs: number, factor: number): number[] {
  return Array.from({ length: s }, (_, i) => Math.round(maxEpochs / factor ** (s - i)));
}
