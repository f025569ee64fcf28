// The hypervolume: the volume that a set of points dominates, up to a reference point.
//
//   p   points, losses of shape (m,); smaller is better
//   r   reference point, shape (m,)
//
// The volume is cut into slabs at the points' last coordinates; each slab's section is a
// hypervolume in one dimension less (hypervolume by slicing objectives: While, Hingston, Barone,
// Huband, A Faster Algorithm for Calculating Hypervolume, 2006). The cost is O(n^(m - 1)).

import { distinct, nonDominated } from "./dominance.js";

/**
 * Returns the volume of the points z ≤ r that some point p ≤ z dominates.
 *
 * @param points - each of shape (m,); points beyond the reference point count nothing
 * @param reference - shape (m,), m ≥ 1
 * @returns at least 0; exactly 0 without a point inside
 */
export function hypervolume(points: readonly ArrayLike<number>[], reference: ArrayLike<number>): number {
  const m = reference.length;
  const inside = points.filter((point) => {
    for (let i = 0; i < m; i++) if (!((point[i] as number) < (reference[i] as number))) return false;
    return true;
  });
  return volumeOf(inside, reference, m);
}

/** Returns the hypervolume in the first m coordinates. */
function volumeOf(points: readonly ArrayLike<number>[], reference: ArrayLike<number>, m: number): number {
  if (points.length === 0) return 0;
  const last = m - 1;
  const end = reference[last] as number;
  if (m === 1) return end - points.reduce((least, point) => Math.min(least, point[0] as number), end);
  const sorted = [...points].sort((a, b) => (a[last] as number) - (b[last] as number));
  let [volume, section] = [0, [] as ArrayLike<number>[]];
  for (const [k, point] of sorted.entries()) {
    const height = ((sorted[k + 1]?.[last] as number | undefined) ?? end) - (point[last] as number);
    section = frontWith(section, point, last);
    if (height > 0) volume += height * volumeOf(section, reference, last);
  }
  return volume;
}

/** Adds a point to a front in the first m coordinates. */
function frontWith(front: readonly ArrayLike<number>[], point: ArrayLike<number>, m: number): ArrayLike<number>[] {
  const sections = distinct([...front, point].map((p) => Array.from(p).slice(0, m)));
  return nonDominated(sections).map((i) => sections[i] as number[]);
}
