// Pareto dominance. A point is a vector of losses: smaller is better in every coordinate.

/** Returns true if `a` is at most `b` in every coordinate and below `b` in one. */
export function dominates(a: ArrayLike<number>, b: ArrayLike<number>): boolean {
  let isBelow = false;
  for (let i = 0; i < a.length; i++) {
    const [x, y] = [a[i] as number, b[i] as number];
    if (x > y) return false;
    if (x < y) isBelow = true;
  }
  return isBelow;
}

/**
 * Returns the indices of the points that no other point dominates, ascending. Equal points are all
 * among them. A point comes after all that dominate it in lexicographic order, so that it is
 * compared with the front of the points before alone.
 *
 * @param points - each of shape (m,); none may contain NaN
 */
export function nonDominated(points: readonly ArrayLike<number>[]): number[] {
  const ordered = points.map((point, index) => ({ point, index })).sort((a, b) => lexicographic(a.point, b.point));
  const front: typeof ordered = [];
  for (const each of ordered) {
    if (!front.some(({ point }) => dominates(point, each.point))) front.push(each);
  }
  return front.map(({ index }) => index).sort((a, b) => a - b);
}

function lexicographic(a: ArrayLike<number>, b: ArrayLike<number>): number {
  for (let i = 0; i < a.length; i++) {
    const [x, y] = [a[i] as number, b[i] as number];
    if (x !== y) return x < y ? -1 : 1;
  }
  return 0;
}

/** Returns points without repetitions, the first of equal ones. */
export function distinct<T extends ArrayLike<number>>(points: readonly T[]): T[] {
  const seen = new Set<string>();
  return points.filter((point) => {
    const key = Array.from(point).join();
    if (seen.has(key)) return false;
    seen.add(key);
    return true;
  });
}
