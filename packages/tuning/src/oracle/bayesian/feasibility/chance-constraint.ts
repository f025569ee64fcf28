// The chance constraint: which points are likely enough to complete. The product of improvement and
// probability alone ends in regions without trials that completed: the surrogate knows nothing
// there, so the improvement stays large by many orders of magnitude, however improbable.
//
//   P     probability that a trial completes
//   P*    largest probability of the cube
//   q     mean of P over the cube: the share of random trials that complete
//   n     number of ended trials
//   a     lost trials that exploration may cost: 5 (1 - n / 20), at least 0
//   r     lost trials less a, relative to (1 - q) n, what random search loses
//
//   P ≥ P* p,   p rises from min(q, 1/2) at r ≤ 1/2 to 0.98 at r ≥ 1
//
// A lost trial is one without an objective.

import { spreadPoints } from "../../../numeric/low-discrepancy.js";
import type { Random } from "../../../random/random.js";
import type { DesignSpace } from "../../../space/design-space.js";
import type { SuggestionRequest } from "../../contract/suggestion.js";
import type { Acquisition } from "../acquisition/acquisition.js";

/**
 * Highest value of p. With 0.9, more trials are lost; the regret on edges is the same.
 */
const PROBABILITY_MAX = 0.98;
/** Highest value of p while few trials were lost. The edge of a region has P = 1/2. */
const EXPLORING_MAX = 0.5;
/** Value of r from which p rises. */
const SPENT_MIN = 0.5;
/** Value of a before the first trial, enough to look beyond an edge for a better region. */
const EXPLORATION_LOSSES = 5;
/** Number of ended trials n from which on a = 0. */
const EXPLORATION_TRIALS = 20;
/** Points of the cube over which q and P* are computed. */
const SPREAD_POINTS = 256;

/**
 * Slope by which the logarithm of P is multiplied below the constraint, for searches along the
 * gradient.
 */
const PRICE = 100;
/**
 * Margin of ln P inside which a search along the gradient ends, so that rounding does not matter.
 */
const MARGIN = 0.02;
/**
 * Value subtracted below the constraint. It exceeds every difference of log improvements, so that
 * the points outside follow all points inside, in the order of P.
 */
const OUTSIDE = 1e9;

/** A probability of completion and what its constraint depends on. */
export interface ChanceSettings {
  /** ln P. */
  readonly probability: Acquisition;
  readonly design: DesignSpace;
  /** Points of completed trials, each of shape (d,). */
  readonly completed: readonly Float64Array[];
  readonly random: Random;
}

/**
 * Returns ln P with the constraint: for ranking, far below every other value where P is too small.
 */
export function chanceConstraint(request: SuggestionRequest, settings: ChanceSettings): Acquisition {
  const { probability } = settings;
  const limit = logLimit(request, settings);
  const ranked = (value: number) => (value < limit ? value - OUTSIDE * (1 + limit - value) : value);
  return {
    value: (point) => ranked(probability.value(point)),
    values: (points) => probability.values(points).map(ranked),
    evaluate(point) {
      const reached = probability.evaluate(point);
      const below = limit + MARGIN - reached.value;
      return {
        value: reached.value - PRICE * Math.max(0, below),
        gradient: () => (below > 0 ? reached.gradient().map((slope) => (1 + PRICE) * slope) : reached.gradient()),
      };
    },
  };
}

/** Returns true if a ranked value is that of a point inside the constraint. */
export function isInside(value: number): boolean {
  return value > -OUTSIDE;
}

/** Returns ln(P* p). */
function logLimit(request: SuggestionRequest, { probability, design, completed, random }: ChanceSettings): number {
  const start = Float64Array.from(design.dimensions, () => random.uniform());
  const spread = probability.values(spreadPoints(SPREAD_POINTS, start).map(design.settle));
  const share = spread.reduce((sum, value) => sum + Math.exp(value), 0) / SPREAD_POINTS;
  const highest = [spread, probability.values(completed)].flatMap((values) => Array.from(values));
  return Math.max(...highest) + Math.log(request.isCautious ? PROBABILITY_MAX : leastProbability(request, share));
}

/**
 * Returns p.
 *
 * @param share - q
 */
export function leastProbability({ completed, infeasible, failed = [] }: SuggestionRequest, share: number): number {
  const lost = infeasible.length + failed.length;
  const made = lost + completed.length;
  const allowed = EXPLORATION_LOSSES * Math.max(0, 1 - made / EXPLORATION_TRIALS);
  const spent = (lost - allowed) / ((1 - share) * made);
  const least = Math.min(share, EXPLORING_MAX);
  const rise = Math.min(1, Math.max(0, (spent - SPENT_MIN) / (1 - SPENT_MIN)));
  return least + rise * (PROBABILITY_MAX - least);
}
