// The choice of one point of a front.
//
//   y   losses of a point, scaled to [0, 1] over the front     shape (m,); smaller is better
//   g   weights                                                shape (m,)

import { rangeOf } from "./reference-point.js";

/** `knee`, or a weight above 0 for each objective, shape (m,). */
export type PickRule = "knee" | readonly number[];

/**
 * Returns the index of one point of a front. `knee` picks the point with the least Σ y_i², nearest
 * to the best value in all objectives at once (Zeleny, Compromise Programming, 1973). Weights pick
 * the least Σ g_i y_i. An objective with equal losses counts nothing; of equals, the first is
 * picked.
 *
 * @param front - losses, each of shape (m,), at least one point
 */
export function pickOf(front: readonly ArrayLike<number>[], rule: PickRule): number {
  const ranges = Array.from(front[0] as ArrayLike<number>, (_, i) => rangeOf(front, i));
  const costs = front.map((point) =>
    ranges.reduce((sum, { low, high }, i) => {
      const y = high > low ? ((point[i] as number) / 2 - low / 2) / (high / 2 - low / 2) : 0;
      return sum + (rule === "knee" ? y * y : (rule[i] as number) * y);
    }, 0),
  );
  return costs.indexOf(Math.min(...costs));
}
