// Products with a lower triangular matrix L.

import { addRow, BLOCK, ENTRY, row, STEP, storeFour, VECTOR } from "./rows";

/**
 * Computes the product P = Lᵀ L, P_ij = Σ_{k ≥ i} L_ki L_kj for j ≤ i.
 *
 * @param lower - L, triangle of n rows; the 4 entries behind it are read and must exist
 * @param product - receives P, triangle of n rows
 */
export function squareTransposed(lower: usize, product: usize, n: usize): void {
  let i: usize = 0;
  for (; i + BLOCK <= n; i += BLOCK) {
    for (let j: usize = 0; j <= i; j += BLOCK) squareBlock(lower, product, i, j, n);
  }
  for (; i < n; i++) {
    const to = row(product, i);
    memory.fill(to, 0, (i + 1) * ENTRY);
    for (let k = i; k < n; k++) {
      const from = row(lower, k);
      addRow(to, from, f64.load(from + i * ENTRY), i + 1);
    }
  }
}

/** Computes columns j to j + 3 of rows i to i + 3 of P, up to the diagonal. */
function squareBlock(lower: usize, product: usize, i: usize, j: usize, n: usize): void {
  let u0 = f64x2.splat(0);
  let v0 = u0;
  let u1 = u0;
  let v1 = u0;
  let u2 = u0;
  let v2 = u0;
  let u3 = u0;
  let v3 = u0;
  let from = row(lower, i);
  for (let k = i; k < n; k++) {
    const u = v128.load(from + j * ENTRY);
    const v = v128.load(from + j * ENTRY, VECTOR);
    const at = from + i * ENTRY;
    const w0 = v128.load64_splat(at);
    u0 = f64x2.add(u0, f64x2.mul(w0, u));
    v0 = f64x2.add(v0, f64x2.mul(w0, v));
    if (k > i) {
      const w1 = v128.load64_splat(at, ENTRY);
      u1 = f64x2.add(u1, f64x2.mul(w1, u));
      v1 = f64x2.add(v1, f64x2.mul(w1, v));
    }
    if (k > i + 1) {
      const w2 = v128.load64_splat(at, 2 * ENTRY);
      u2 = f64x2.add(u2, f64x2.mul(w2, u));
      v2 = f64x2.add(v2, f64x2.mul(w2, v));
    }
    if (k > i + 2) {
      const w3 = v128.load64_splat(at, 3 * ENTRY);
      u3 = f64x2.add(u3, f64x2.mul(w3, u));
      v3 = f64x2.add(v3, f64x2.mul(w3, v));
    }
    from += (k + 1) * ENTRY;
  }
  const r0 = row(product, i) + j * ENTRY;
  const r1 = row(product, i + 1) + j * ENTRY;
  const r2 = row(product, i + 2) + j * ENTRY;
  const r3 = row(product, i + 3) + j * ENTRY;
  storeFour(r3, u3, v3);
  if (j < i) {
    storeFour(r0, u0, v0);
    storeFour(r1, u1, v1);
    storeFour(r2, u2, v2);
  } else {
    v128.store64_lane(r0, u0, 0);
    v128.store(r1, u1);
    v128.store(r2, u2);
    v128.store64_lane(r2, v2, 0, VECTOR);
  }
}

/**
 * Replaces four vectors x by L x.
 *
 * @param lower - L, triangle of n rows
 * @param panel - the vectors as columns, shape (n, 4)
 */
export function multiplyFour(lower: usize, panel: usize, n: usize): void {
  let i = n;
  for (; i % BLOCK !== 0; i--) multiplyRow(lower, panel, i - 1);
  // From the last rows to the first: row i of the product reads entries 0 to i of the vectors.
  for (; i > 0; i -= BLOCK) multiplyBlock(lower, panel, i - BLOCK);
}

/** Computes row i of the products. */
function multiplyRow(lower: usize, panel: usize, i: usize): void {
  const from = row(lower, i);
  let u = f64x2.splat(0);
  let v = u;
  for (let k: usize = 0; k <= i; k++) {
    const weight = v128.load64_splat(from + k * ENTRY);
    u = f64x2.add(u, f64x2.mul(weight, v128.load(panel + k * STEP)));
    v = f64x2.add(v, f64x2.mul(weight, v128.load(panel + k * STEP, VECTOR)));
  }
  storeFour(panel + i * STEP, u, v);
}

/** Computes rows i to i + 3 of the products. */
function multiplyBlock(lower: usize, panel: usize, i: usize): void {
  const r0 = row(lower, i);
  const r1 = row(lower, i + 1);
  const r2 = row(lower, i + 2);
  const r3 = row(lower, i + 3);
  let u0 = f64x2.splat(0);
  let v0 = u0;
  let u1 = u0;
  let v1 = u0;
  let u2 = u0;
  let v2 = u0;
  let u3 = u0;
  let v3 = u0;
  let from = panel;
  for (let k: usize = 0; k <= i * ENTRY; k += ENTRY, from += STEP) {
    const u = v128.load(from);
    const v = v128.load(from, VECTOR);
    const w0 = v128.load64_splat(r0 + k);
    u0 = f64x2.add(u0, f64x2.mul(w0, u));
    v0 = f64x2.add(v0, f64x2.mul(w0, v));
    const w1 = v128.load64_splat(r1 + k);
    u1 = f64x2.add(u1, f64x2.mul(w1, u));
    v1 = f64x2.add(v1, f64x2.mul(w1, v));
    const w2 = v128.load64_splat(r2 + k);
    u2 = f64x2.add(u2, f64x2.mul(w2, u));
    v2 = f64x2.add(v2, f64x2.mul(w2, v));
    const w3 = v128.load64_splat(r3 + k);
    u3 = f64x2.add(u3, f64x2.mul(w3, u));
    v3 = f64x2.add(v3, f64x2.mul(w3, v));
  }
  // Rows i + 1 to i + 3 have further entries in columns i + 1 to i + 3.
  const x1 = v128.load(from);
  const y1 = v128.load(from, VECTOR);
  const x2 = v128.load(from, STEP);
  const y2 = v128.load(from, STEP + VECTOR);
  const x3 = v128.load(from, 2 * STEP);
  const y3 = v128.load(from, 2 * STEP + VECTOR);
  const k = (i + 1) * ENTRY;
  const w11 = v128.load64_splat(r1 + k);
  const w21 = v128.load64_splat(r2 + k);
  const w22 = v128.load64_splat(r2 + k, ENTRY);
  const w31 = v128.load64_splat(r3 + k);
  const w32 = v128.load64_splat(r3 + k, ENTRY);
  const w33 = v128.load64_splat(r3 + k, 2 * ENTRY);
  u1 = f64x2.add(u1, f64x2.mul(w11, x1));
  v1 = f64x2.add(v1, f64x2.mul(w11, y1));
  u2 = f64x2.add(f64x2.add(u2, f64x2.mul(w21, x1)), f64x2.mul(w22, x2));
  v2 = f64x2.add(f64x2.add(v2, f64x2.mul(w21, y1)), f64x2.mul(w22, y2));
  u3 = f64x2.add(f64x2.add(f64x2.add(u3, f64x2.mul(w31, x1)), f64x2.mul(w32, x2)), f64x2.mul(w33, x3));
  v3 = f64x2.add(f64x2.add(f64x2.add(v3, f64x2.mul(w31, y1)), f64x2.mul(w32, y2)), f64x2.mul(w33, y3));
  storeFour(panel + i * STEP, u0, v0);
  storeFour(from, u1, v1);
  storeFour(from + STEP, u2, v2);
  storeFour(from + 2 * STEP, u3, v3);
}
