/** Points closer than this in every dimension, in edges of the cube, count as the same. */
const APART_MIN = 0.1;
const KEPT_MAX = 3;

/**
 * Returns at most three of the points, the first ones that lie apart from `chosen` and from each
 * other.
 */
export function pointsApart<T extends { readonly point: Float64Array }>(
  points: readonly T[],
  chosen: Float64Array,
): T[] {
  const kept: T[] = [];
  for (const candidate of points) {
    if (kept.length === KEPT_MAX) break;
    const others = [chosen, ...kept.map(({ point }) => point)];
    if (others.every((other) => isApart(candidate.point, other))) kept.push(candidate);
  }
  return kept;
}

function isApart(a: Float64Array, b: Float64Array): boolean {
  return a.some((x, i) => Math.abs(x - (b[i] as number)) >= APART_MIN);
}
