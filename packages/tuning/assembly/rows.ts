// Packed triangles (numeric/triangle.ts): row i begins i (i + 1) / 2 entries after the triangle's address.

export const ENTRY: usize = 8;
export const VECTOR: usize = 16;
/** Rows that are taken at a time. */
export const BLOCK: usize = 4;
/** A step of a panel: the entries of a block's rows, or of four vectors, side by side. */
export const STEP: usize = BLOCK * ENTRY;

export function row(triangle: usize, i: usize): usize {
  return triangle + ((i * (i + 1)) / 2) * ENTRY;
}

export function reciprocal(at: usize): v128 {
  return f64x2.splat(1 / f64.load(at));
}

export function storeFour(to: usize, u: v128, v: v128): void {
  v128.store(to, u);
  v128.store(to, v, VECTOR);
}

/** Adds the first entries of a row, times a weight, to those at `to`. */
export function addRow(to: usize, from: usize, weight: f64, count: usize): void {
  const w = f64x2.splat(weight);
  const end = to + count * ENTRY;
  for (; to + VECTOR <= end; to += VECTOR, from += VECTOR) {
    v128.store(to, f64x2.add(v128.load(to), f64x2.mul(w, v128.load(from))));
  }
  if (to < end) f64.store(to, f64.load(to) + weight * f64.load(from));
}
