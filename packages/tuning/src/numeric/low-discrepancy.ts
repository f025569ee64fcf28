/**
 * The first terms of Roberts' R-sequence: multiples of the powers of the generalised golden ratio, modulo 1. Any first
 * terms of it fill the unit cube more evenly than random points, and no term comes twice.
 *
 * @param start - term 0; point of the unit cube, shape (d,)
 * @returns points of shape (d,), each in [0, 1)
 * @see Martin Roberts, The unreasonable effectiveness of quasirandom sequences, 2018
 */
export function spreadPoints(count: number, start: Float64Array): Float64Array[] {
  const steps = stepsOf(start.length);
  return Array.from({ length: count }, (_, index) => term(index, start, steps));
}

/** Term number `index` of the sequence, from 0. */
export function spreadPoint(index: number, start: Float64Array): Float64Array {
  return term(index, start, stepsOf(start.length));
}

function term(index: number, start: Float64Array, steps: Float64Array): Float64Array {
  return start.map((offset, i) => {
    const place = offset + index * (steps[i] as number);
    return place - Math.floor(place);
  });
}

function stepsOf(d: number): Float64Array {
  const ratio = goldenRatio(d);
  return Float64Array.from({ length: d }, (_, i) => ratio ** -(i + 1));
}

/** The positive root of x^(d+1) = x + 1: the golden ratio for d = 1. */
function goldenRatio(d: number): number {
  let x = 2;
  // Each round shrinks the error at least threefold.
  for (let round = 0; round < 40; round++) x = (1 + x) ** (1 / (d + 1));
  return x;
}
