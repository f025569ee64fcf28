// Cholesky factorisation of single rows and of diagonal blocks.
//
//   A   symmetric matrix, a triangle that the factor L replaces entry by entry
//   L   L_ij = (A_ij - Σ L_ik L_jk) / L_jj for j < i,   L_ii = √(A_ii - Σ L_ik²),   sums over k < j

import { BLOCK, ENTRY, row } from "./rows";

/** Computes columns j to j + 3 of row i of L from the finished rows j to j + 3. */
export function eliminateRow(a: usize, i: usize, j: usize): void {
  const to = row(a, i);
  const p0 = row(a, j);
  const p1 = row(a, j + 1);
  const p2 = row(a, j + 2);
  const p3 = row(a, j + 3);
  const k = j * ENTRY;
  let s0 = f64.load(to + k);
  let s1 = f64.load(to + k, ENTRY);
  let s2 = f64.load(to + k, 2 * ENTRY);
  let s3 = f64.load(to + k, 3 * ENTRY);
  for (let l: usize = 0; l < k; l += ENTRY) {
    const x = f64.load(to + l);
    s0 -= x * f64.load(p0 + l);
    s1 -= x * f64.load(p1 + l);
    s2 -= x * f64.load(p2 + l);
    s3 -= x * f64.load(p3 + l);
  }
  s0 /= f64.load(p0 + k);
  s1 -= s0 * f64.load(p1 + k);
  s1 /= f64.load(p1 + k, ENTRY);
  s2 -= s0 * f64.load(p2 + k);
  s2 -= s1 * f64.load(p2 + k, ENTRY);
  s2 /= f64.load(p2 + k, 2 * ENTRY);
  s3 -= s0 * f64.load(p3 + k);
  s3 -= s1 * f64.load(p3 + k, ENTRY);
  s3 -= s2 * f64.load(p3 + k, 2 * ENTRY);
  s3 /= f64.load(p3 + k, 3 * ENTRY);
  f64.store(to + k, s0);
  f64.store(to + k, s1, ENTRY);
  f64.store(to + k, s2, 2 * ENTRY);
  f64.store(to + k, s3, 3 * ENTRY);
}

/**
 * Factorises the diagonal block of rows and columns `start` to `end` - 1, at most four of them. The
 * columns before `start` are finished.
 *
 * @returns false if a pivot is not positive or not finite
 */
export function factorizeDiagonal(a: usize, start: usize, end: usize): bool {
  subtractSquares(a, start, end);
  for (let i = start; i < end; i++) {
    const to = row(a, i);
    for (let j = start; j <= i; j++) {
      const other = row(a, j);
      let sum = f64.load(to + j * ENTRY);
      for (let k = start * ENTRY; k < j * ENTRY; k += ENTRY) sum -= f64.load(to + k) * f64.load(other + k);
      if (j < i) {
        f64.store(to + j * ENTRY, sum / f64.load(other + j * ENTRY));
      } else {
        if (!(sum > 0 && sum < Infinity)) return false;
        f64.store(to + i * ENTRY, Math.sqrt(sum));
      }
    }
  }
  return true;
}

/** Computes A_ij -= Σ_{k < start} L_ik L_jk for start ≤ j ≤ i < end, where end ≤ start + 4. */
function subtractSquares(a: usize, start: usize, end: usize): void {
  if (start + BLOCK > end) {
    for (let i = start; i < end; i++) {
      for (let j = start; j <= i; j++) subtractProduct(row(a, i), row(a, j), j * ENTRY, start * ENTRY);
    }
    return;
  }
  const r0 = row(a, start);
  const r1 = row(a, start + 1);
  const r2 = row(a, start + 2);
  const r3 = row(a, start + 3);
  const at = start * ENTRY;
  let s00 = f64.load(r0 + at);
  let s10 = f64.load(r1 + at);
  let s11 = f64.load(r1 + at, ENTRY);
  let s20 = f64.load(r2 + at);
  let s21 = f64.load(r2 + at, ENTRY);
  let s22 = f64.load(r2 + at, 2 * ENTRY);
  let s30 = f64.load(r3 + at);
  let s31 = f64.load(r3 + at, ENTRY);
  let s32 = f64.load(r3 + at, 2 * ENTRY);
  let s33 = f64.load(r3 + at, 3 * ENTRY);
  for (let k: usize = 0; k < at; k += ENTRY) {
    const x0 = f64.load(r0 + k);
    const x1 = f64.load(r1 + k);
    const x2 = f64.load(r2 + k);
    const x3 = f64.load(r3 + k);
    s00 -= x0 * x0;
    s10 -= x1 * x0;
    s11 -= x1 * x1;
    s20 -= x2 * x0;
    s21 -= x2 * x1;
    s22 -= x2 * x2;
    s30 -= x3 * x0;
    s31 -= x3 * x1;
    s32 -= x3 * x2;
    s33 -= x3 * x3;
  }
  f64.store(r0 + at, s00);
  f64.store(r1 + at, s10);
  f64.store(r1 + at, s11, ENTRY);
  f64.store(r2 + at, s20);
  f64.store(r2 + at, s21, ENTRY);
  f64.store(r2 + at, s22, 2 * ENTRY);
  f64.store(r3 + at, s30);
  f64.store(r3 + at, s31, ENTRY);
  f64.store(r3 + at, s32, 2 * ENTRY);
  f64.store(r3 + at, s33, 3 * ENTRY);
}

/** Computes x_e -= Σ_{k < end} x_k y_k, where e is `entry`; both are offsets in bytes. */
function subtractProduct(x: usize, y: usize, entry: usize, end: usize): void {
  let sum = f64.load(x + entry);
  for (let k: usize = 0; k < end; k += ENTRY) sum -= f64.load(x + k) * f64.load(y + k);
  f64.store(x + entry, sum);
}
