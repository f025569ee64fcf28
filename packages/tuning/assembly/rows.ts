// Rows of packed triangles and of panels. A panel holds four rows of a matrix, or four vectors,
// interleaved: shape (n, 4).

/** Bytes of a float64. */
export const ENTRY: usize = 8;
/** Bytes of a SIMD vector of two float64. */
export const VECTOR: usize = 16;
/** Number of rows that the kernels process at a time. */
export const BLOCK: usize = 4;
/** Bytes from one row of a panel to the next. */
export const STEP: usize = BLOCK * ENTRY;

/** Returns the address of row i of a triangle, i (i + 1) / 2 entries after its start. */
export function row(triangle: usize, i: usize): usize {
  return triangle + ((i * (i + 1)) / 2) * ENTRY;
}

/** Returns the reciprocal of the number at an address, in both lanes. */
export function reciprocal(at: usize): v128 {
  return f64x2.splat(1 / f64.load(at));
}

/** Stores four consecutive numbers. */
export function storeFour(to: usize, u: v128, v: v128): void {
  v128.store(to, u);
  v128.store(to, v, VECTOR);
}

/** Computes to_k += weight from_k for k < count. */
export function addRow(to: usize, from: usize, weight: f64, count: usize): void {
  const w = f64x2.splat(weight);
  const end = to + count * ENTRY;
  for (; to + VECTOR <= end; to += VECTOR, from += VECTOR) {
    v128.store(to, f64x2.add(v128.load(to), f64x2.mul(w, v128.load(from))));
  }
  if (to < end) f64.store(to, f64.load(to) + weight * f64.load(from));
}
