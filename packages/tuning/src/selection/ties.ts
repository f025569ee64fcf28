/** Probability of each tail outside the two-sided 95 % interval. */
const TAIL = 0.025;

/**
 * Returns true if two trials are statistically tied: the 95 % interval of the difference of their
 * objectives contains 0. Draws are compared and not subtracted, because infinite ones may occur.
 *
 * @param draws - joint posterior draws of the objectives, each of shape (trials,)
 * @param a - index of the first trial in every draw
 * @param b - index of the second trial
 */
export function isTied(draws: readonly Float64Array[], a: number, b: number): boolean {
  let above = 0;
  let below = 0;
  for (const draw of draws) {
    if ((draw[a] as number) > (draw[b] as number)) above += 1;
    else if ((draw[a] as number) < (draw[b] as number)) below += 1;
  }
  const most = (1 - TAIL) * draws.length;
  return above < most && below < most;
}
