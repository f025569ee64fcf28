// Roberts' R-sequence, an additive low-discrepancy sequence in the unit cube.
//
//   d     number of dimensions
//   x₀    term 0                                                              shape (d,)
//   φ     positive root of φ^(d+1) = φ + 1: for d = 1 the golden ratio
//   α     step, αᵢ = φ^-(i+1) for i = 0 ... d - 1                             shape (d,)
//   xₙ    term n, (x₀ + n α) mod 1                                            shape (d,)
//
// Martin Roberts, The unreasonable effectiveness of quasirandom sequences, 2018.

/**
 * Returns the first terms of the sequence. They fill the unit cube more evenly than random points,
 * and no term repeats.
 *
 * @param count - number of terms, an integer of at least 0
 * @param start - term 0, a point of the unit cube, shape (d,)
 * @returns `count` points of shape (d,), coordinates in [0, 1)
 */
export function spreadPoints(count: number, start: Float64Array): Float64Array[] {
  const steps = stepsOf(start.length);
  return Array.from({ length: count }, (_, index) => term(index, start, steps));
}

/**
 * Returns one term of the sequence.
 *
 * @param index - number of the term, an integer of at least 0
 * @param start - term 0, a point of the unit cube, shape (d,)
 * @returns shape (d,), coordinates in [0, 1)
 */
export function spreadPoint(index: number, start: Float64Array): Float64Array {
  return term(index, start, stepsOf(start.length));
}

function term(index: number, start: Float64Array, steps: Float64Array): Float64Array {
  return start.map((offset, i) => {
    const sum = offset + index * (steps[i] as number);
    return sum - Math.floor(sum);
  });
}

function stepsOf(d: number): Float64Array {
  const ratio = goldenRatio(d);
  return Float64Array.from({ length: d }, (_, i) => ratio ** -(i + 1));
}

/** Returns φ by the fixed-point iteration φ ← (1 + φ)^(1 / (d + 1)). */
function goldenRatio(d: number): number {
  let x = 2;
  // Each iteration divides the error by at least 3, so 40 of them reach every bit.
  for (let iteration = 0; iteration < 40; iteration++) x = (1 + x) ** (1 / (d + 1));
  return x;
}
