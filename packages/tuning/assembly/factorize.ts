// Cholesky factorisation by blocks of four rows. A panel holds the part of a block's rows left of
// the diagonal block, interleaved, so that one SIMD vector covers two rows.

import { eliminateRow, factorizeDiagonal } from "./diagonal";
import { BLOCK, ENTRY, reciprocal, row, STEP, storeFour, VECTOR } from "./rows";

/**
 * Replaces a symmetric matrix A by its Cholesky factor L, A = L Lᵀ.
 *
 * @param a - triangle of n rows; its contents are undefined after the result false
 * @param panel - working memory of 4 n entries
 * @returns true if A is positive definite and finite
 */
export function factorize(a: usize, panel: usize, n: usize): bool {
  let i: usize = 0;
  for (; i + BLOCK <= n; i += BLOCK) {
    fillPanel(a, panel, i);
    for (let j: usize = 0; j < i; j += BLOCK) eliminateBlock(a, panel, j);
    emptyPanel(a, panel, i);
    if (!factorizeDiagonal(a, i, i + BLOCK)) return false;
  }
  for (let rest = i; rest < n; rest++) for (let j: usize = 0; j < i; j += BLOCK) eliminateRow(a, rest, j);
  return factorizeDiagonal(a, i, n);
}

/** Copies rows i to i + 3, columns 0 to i - 1, into the panel, shape (i, 4). */
function fillPanel(a: usize, panel: usize, i: usize): void {
  const r0 = row(a, i);
  const r1 = row(a, i + 1);
  const r2 = row(a, i + 2);
  const r3 = row(a, i + 3);
  for (let k: usize = 0, to = panel; k < i * ENTRY; k += ENTRY, to += STEP) {
    f64.store(to, f64.load(r0 + k));
    f64.store(to, f64.load(r1 + k), ENTRY);
    f64.store(to, f64.load(r2 + k), 2 * ENTRY);
    f64.store(to, f64.load(r3 + k), 3 * ENTRY);
  }
}

/** Copies the panel back into rows i to i + 3, columns 0 to i - 1. */
function emptyPanel(a: usize, panel: usize, i: usize): void {
  const r0 = row(a, i);
  const r1 = row(a, i + 1);
  const r2 = row(a, i + 2);
  const r3 = row(a, i + 3);
  for (let k: usize = 0, from = panel; k < i * ENTRY; k += ENTRY, from += STEP) {
    f64.store(r0 + k, f64.load(from));
    f64.store(r1 + k, f64.load(from, ENTRY));
    f64.store(r2 + k, f64.load(from, 2 * ENTRY));
    f64.store(r3 + k, f64.load(from, 3 * ENTRY));
  }
}

/** Computes columns j to j + 3 of L in the panel's rows from the finished rows j to j + 3. */
function eliminateBlock(a: usize, panel: usize, j: usize): void {
  const p0 = row(a, j);
  const p1 = row(a, j + 1);
  const p2 = row(a, j + 2);
  const p3 = row(a, j + 3);
  const at = panel + j * STEP;
  let u0 = v128.load(at);
  let v0 = v128.load(at, VECTOR);
  let u1 = v128.load(at, STEP);
  let v1 = v128.load(at, STEP + VECTOR);
  let u2 = v128.load(at, 2 * STEP);
  let v2 = v128.load(at, 2 * STEP + VECTOR);
  let u3 = v128.load(at, 3 * STEP);
  let v3 = v128.load(at, 3 * STEP + VECTOR);
  for (let k: usize = 0, from = panel; k < j * ENTRY; k += ENTRY, from += STEP) {
    const u = v128.load(from);
    const v = v128.load(from, VECTOR);
    const f0 = v128.load64_splat(p0 + k);
    u0 = f64x2.sub(u0, f64x2.mul(f0, u));
    v0 = f64x2.sub(v0, f64x2.mul(f0, v));
    const f1 = v128.load64_splat(p1 + k);
    u1 = f64x2.sub(u1, f64x2.mul(f1, u));
    v1 = f64x2.sub(v1, f64x2.mul(f1, v));
    const f2 = v128.load64_splat(p2 + k);
    u2 = f64x2.sub(u2, f64x2.mul(f2, u));
    v2 = f64x2.sub(v2, f64x2.mul(f2, v));
    const f3 = v128.load64_splat(p3 + k);
    u3 = f64x2.sub(u3, f64x2.mul(f3, u));
    v3 = f64x2.sub(v3, f64x2.mul(f3, v));
  }
  const k = j * ENTRY;
  const g0 = reciprocal(p0 + k);
  u0 = f64x2.mul(u0, g0);
  v0 = f64x2.mul(v0, g0);

  const f10 = v128.load64_splat(p1 + k);
  const g1 = reciprocal(p1 + k + ENTRY);
  u1 = f64x2.mul(f64x2.sub(u1, f64x2.mul(f10, u0)), g1);
  v1 = f64x2.mul(f64x2.sub(v1, f64x2.mul(f10, v0)), g1);

  const f20 = v128.load64_splat(p2 + k);
  const f21 = v128.load64_splat(p2 + k, ENTRY);
  const g2 = reciprocal(p2 + k + 2 * ENTRY);
  u2 = f64x2.mul(f64x2.sub(f64x2.sub(u2, f64x2.mul(f20, u0)), f64x2.mul(f21, u1)), g2);
  v2 = f64x2.mul(f64x2.sub(f64x2.sub(v2, f64x2.mul(f20, v0)), f64x2.mul(f21, v1)), g2);

  const f30 = v128.load64_splat(p3 + k);
  const f31 = v128.load64_splat(p3 + k, ENTRY);
  const f32 = v128.load64_splat(p3 + k, 2 * ENTRY);
  const g3 = reciprocal(p3 + k + 3 * ENTRY);
  u3 = f64x2.sub(f64x2.sub(u3, f64x2.mul(f30, u0)), f64x2.mul(f31, u1));
  v3 = f64x2.sub(f64x2.sub(v3, f64x2.mul(f30, v0)), f64x2.mul(f31, v1));
  u3 = f64x2.mul(f64x2.sub(u3, f64x2.mul(f32, u2)), g3);
  v3 = f64x2.mul(f64x2.sub(v3, f64x2.mul(f32, v2)), g3);

  storeFour(at, u0, v0);
  storeFour(at + STEP, u1, v1);
  storeFour(at + 2 * STEP, u2, v2);
  storeFour(at + 3 * STEP, u3, v3);
}
