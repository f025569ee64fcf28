// Inverse X of a lower triangular matrix L:
//
//   X_ii = 1 / L_ii,   X_ij = -X_ii Σ_{j ≤ k < i} L_ik X_kj for j < i

import { addRow, BLOCK, ENTRY, reciprocal, row, storeFour, VECTOR } from "./rows";

/**
 * Inverts a lower triangular matrix.
 *
 * @param factor - L, triangle of n rows
 * @param inverse - receives X, triangle of n rows
 */
export function invertLower(factor: usize, inverse: usize, n: usize): void {
  let i: usize = 0;
  for (; i + BLOCK <= n; i += BLOCK) {
    for (let j: usize = 0; j < i; j += BLOCK) invertBlock(factor, inverse, i, j);
    for (let rest = i; rest < i + BLOCK; rest++) invertRow(factor, inverse, rest, i);
  }
  for (; i < n; i++) invertRow(factor, inverse, i, 0);
}

/** Computes columns j to j + 3 of rows i to i + 3 of X from the rows before i, where j + 3 < i. */
function invertBlock(factor: usize, inverse: usize, i: usize, j: usize): void {
  const f0 = row(factor, i);
  const f1 = row(factor, i + 1);
  const f2 = row(factor, i + 2);
  const f3 = row(factor, i + 3);
  let u0 = f64x2.splat(0);
  let v0 = u0;
  let u1 = u0;
  let v1 = u0;
  let u2 = u0;
  let v2 = u0;
  let u3 = u0;
  let v3 = u0;
  let from = row(inverse, j) + j * ENTRY;
  for (let k = j; k < i; k++) {
    // X_kl is 0 for l > k and not stored: row k + 1 begins in its place.
    const u = k > j ? v128.load(from) : v128.load64_zero(from);
    const v = k > j + 2 ? v128.load(from, VECTOR) : k > j + 1 ? v128.load64_zero(from, VECTOR) : f64x2.splat(0);
    const at = k * ENTRY;
    const w0 = v128.load64_splat(f0 + at);
    u0 = f64x2.add(u0, f64x2.mul(w0, u));
    v0 = f64x2.add(v0, f64x2.mul(w0, v));
    const w1 = v128.load64_splat(f1 + at);
    u1 = f64x2.add(u1, f64x2.mul(w1, u));
    v1 = f64x2.add(v1, f64x2.mul(w1, v));
    const w2 = v128.load64_splat(f2 + at);
    u2 = f64x2.add(u2, f64x2.mul(w2, u));
    v2 = f64x2.add(v2, f64x2.mul(w2, v));
    const w3 = v128.load64_splat(f3 + at);
    u3 = f64x2.add(u3, f64x2.mul(w3, u));
    v3 = f64x2.add(v3, f64x2.mul(w3, v));
    from += (k + 1) * ENTRY;
  }
  const at = i * ENTRY;
  const to = j * ENTRY;
  const p0 = f64x2.neg(reciprocal(f0 + at));
  u0 = f64x2.mul(p0, u0);
  v0 = f64x2.mul(p0, v0);
  storeFour(row(inverse, i) + to, u0, v0);

  const w10 = v128.load64_splat(f1 + at);
  const p1 = f64x2.neg(reciprocal(f1 + at + ENTRY));
  u1 = f64x2.mul(p1, f64x2.add(u1, f64x2.mul(w10, u0)));
  v1 = f64x2.mul(p1, f64x2.add(v1, f64x2.mul(w10, v0)));
  storeFour(row(inverse, i + 1) + to, u1, v1);

  const w20 = v128.load64_splat(f2 + at);
  const w21 = v128.load64_splat(f2 + at, ENTRY);
  const p2 = f64x2.neg(reciprocal(f2 + at + 2 * ENTRY));
  u2 = f64x2.mul(p2, f64x2.add(f64x2.add(u2, f64x2.mul(w20, u0)), f64x2.mul(w21, u1)));
  v2 = f64x2.mul(p2, f64x2.add(f64x2.add(v2, f64x2.mul(w20, v0)), f64x2.mul(w21, v1)));
  storeFour(row(inverse, i + 2) + to, u2, v2);

  const w30 = v128.load64_splat(f3 + at);
  const w31 = v128.load64_splat(f3 + at, ENTRY);
  const w32 = v128.load64_splat(f3 + at, 2 * ENTRY);
  const p3 = f64x2.neg(reciprocal(f3 + at + 3 * ENTRY));
  u3 = f64x2.add(f64x2.add(u3, f64x2.mul(w30, u0)), f64x2.mul(w31, u1));
  v3 = f64x2.add(f64x2.add(v3, f64x2.mul(w30, v0)), f64x2.mul(w31, v1));
  u3 = f64x2.mul(p3, f64x2.add(u3, f64x2.mul(w32, u2)));
  v3 = f64x2.mul(p3, f64x2.add(v3, f64x2.mul(w32, v2)));
  storeFour(row(inverse, i + 3) + to, u3, v3);
}

/** Computes row i of X from column `start` on, from rows `start` to i - 1. */
function invertRow(factor: usize, inverse: usize, i: usize, start: usize): void {
  const weights = row(factor, i);
  const to = row(inverse, i);
  memory.fill(to + start * ENTRY, 0, (i - start) * ENTRY);
  for (let k = start; k < i; k++) {
    const from = row(inverse, k) + start * ENTRY;
    addRow(to + start * ENTRY, from, f64.load(weights + k * ENTRY), k + 1 - start);
  }
  const pivot = 1 / f64.load(weights + i * ENTRY);
  for (let j = start * ENTRY; j < i * ENTRY; j += ENTRY) f64.store(to + j, -pivot * f64.load(to + j));
  f64.store(to + i * ENTRY, pivot);
}
