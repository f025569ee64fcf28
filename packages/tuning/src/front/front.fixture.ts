import type { Random } from "../random/random.js";

/** Draws points with uniform coordinates in [0, 1). */
export function randomPoints(random: Random, count: number, m: number): Float64Array[] {
  return Array.from({ length: count }, () => Float64Array.from({ length: m }, () => random.uniform()));
}

/** Draws points of the positive part of the unit sphere; none dominates another. */
export function spherePoints(random: Random, count: number, m: number): Float64Array[] {
  return Array.from({ length: count }, () => {
    const direction = Float64Array.from({ length: m }, () => Math.abs(random.normal()) + 1e-3);
    const length = Math.hypot(...direction);
    return direction.map((x) => x / length);
  });
}
