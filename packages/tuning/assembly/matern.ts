// Squared distances and Matérn correlations, as in src/surrogate/gaussian-process/matern.ts.
//
//   w   weights: inverse squared length scales            shape (d,)
//   s   squared distance Σ wᵢ Δᵢ²
//   ρ   root √5 √s
//   c   correlation (1 + ρ + 5/3 s) exp(-ρ)
//
// The caller computes exp(-ρ) between the passes `distances` and `correlations`.

import { ENTRY, VECTOR } from "./rows";

const SQRT_5: f64 = Math.sqrt(5);

/**
 * Computes the squared distances and the roots of pairs of points.
 *
 * @param differences - squared differences Δᵢ², shape (d, count)
 * @param weights - w, shape (d,)
 * @param to - receives s, shape (count,)
 * @param roots - receives ρ, shape (count,)
 */
export function distances(differences: usize, weights: usize, to: usize, roots: usize, d: usize, count: usize): void {
  const bytes = count * ENTRY;
  let at: usize = 0;
  for (; at + VECTOR <= bytes; at += VECTOR) {
    let s = f64x2.splat(0);
    for (let k: usize = 0, from = differences + at; k < d; k++, from += bytes) {
      s = f64x2.add(s, f64x2.mul(v128.load64_splat(weights + k * ENTRY), v128.load(from)));
    }
    v128.store(to + at, s);
    v128.store(roots + at, f64x2.mul(f64x2.splat(SQRT_5), f64x2.sqrt(s)));
  }
  if (at < bytes) {
    let s: f64 = 0;
    for (let k: usize = 0, from = differences + at; k < d; k++, from += bytes) {
      s += f64.load(weights + k * ENTRY) * f64.load(from);
    }
    f64.store(to + at, s);
    f64.store(roots + at, SQRT_5 * Math.sqrt(s));
  }
}

/**
 * Computes the squared distances and the roots from each point of a set to four other points.
 *
 * @param set - coordinates of the set, shape (n, d)
 * @param four - coordinates of the other points, shape (d, 4)
 * @param weights - w, shape (d,)
 * @param nominal - not 0 for nominal dimensions, where Δ is 0 or 1 (Hamming), shape (d,)
 * @param to - receives s, shape (n, 4)
 * @param roots - receives ρ, shape (n, 4)
 */
export function distancesToFour(
  set: usize,
  four: usize,
  weights: usize,
  nominal: usize,
  to: usize,
  roots: usize,
  n: usize,
  d: usize,
): void {
  const bytes = d * ENTRY;
  const scale = f64x2.splat(SQRT_5);
  for (let i: usize = 0; i < n; i++, set += bytes, to += 2 * VECTOR, roots += 2 * VECTOR) {
    let u = f64x2.splat(0);
    let v = u;
    for (let k: usize = 0; k < bytes; k += ENTRY) {
      const coordinate = v128.load64_splat(set + k);
      const weight = v128.load64_splat(weights + k);
      const isNominal = f64.load(nominal + k) !== 0;
      u = f64x2.add(u, f64x2.mul(weight, square(f64x2.sub(v128.load(four + 4 * k), coordinate), isNominal)));
      v = f64x2.add(v, f64x2.mul(weight, square(f64x2.sub(v128.load(four + 4 * k, VECTOR), coordinate), isNominal)));
    }
    v128.store(to, u);
    v128.store(to, v, VECTOR);
    v128.store(roots, f64x2.mul(scale, f64x2.sqrt(u)));
    v128.store(roots, f64x2.mul(scale, f64x2.sqrt(v)), VECTOR);
  }
}

/** Returns Δ² in both lanes: the squared difference, or 0 or 1 in a nominal dimension. */
function square(difference: v128, isNominal: bool): v128 {
  if (isNominal) return v128.and(f64x2.ne(difference, f64x2.splat(0)), f64x2.splat(1));
  return f64x2.mul(difference, difference);
}

/**
 * Computes correlations and their derivatives dc/ds = -5/6 (1 + ρ) exp(-ρ). If count is odd, the
 * kernel reads the entry behind each array and overwrites those behind `slopes` and `values`.
 *
 * @param squares - s, shape (count,)
 * @param slopes - ρ on entry, receives dc/ds, shape (count,)
 * @param values - exp(-ρ) on entry, receives c, shape (count,)
 */
export function correlations(squares: usize, slopes: usize, values: usize, count: usize): void {
  const one = f64x2.splat(1);
  const bytes = count * ENTRY;
  for (let at: usize = 0; at < bytes; at += VECTOR) {
    const decay = v128.load(values + at);
    const linear = f64x2.add(one, v128.load(slopes + at));
    const quadratic = f64x2.mul(f64x2.splat(5.0 / 3.0), v128.load(squares + at));
    v128.store(values + at, f64x2.mul(f64x2.add(linear, quadratic), decay));
    v128.store(slopes + at, f64x2.mul(f64x2.mul(f64x2.splat(-5.0 / 6.0), linear), decay));
  }
}

/** Replaces each value x by scale x + shift; an odd count includes the entry behind the array. */
export function affine(values: usize, count: usize, scale: f64, shift: f64): void {
  const end = values + count * ENTRY;
  for (; values < end; values += VECTOR) {
    const scaled = f64x2.mul(f64x2.splat(scale), v128.load(values));
    v128.store(values, f64x2.add(scaled, f64x2.splat(shift)));
  }
}
