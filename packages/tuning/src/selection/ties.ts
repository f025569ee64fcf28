/**
 * Share of draws on the wrong side of 0 at which a difference is told from it: the tails of a two-sided interval of 95 %
 * hold so much each.
 */
const TAIL = 0.025;

/**
 * Whether two trials cannot be told apart: whether the 95 % interval of the difference of their objectives contains 0.
 * Draws are compared and not subtracted, so that no infinite one spoils the answer.
 *
 * @param draws - what the objectives may be, each draw for all trials together
 * @param a - place of one of them in every draw
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
