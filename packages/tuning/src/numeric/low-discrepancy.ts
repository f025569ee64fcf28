/**
 * A term of Roberts' R-sequence: multiples of the powers of the generalised golden ratio, modulo 1. Any first terms of
 * it fill the unit cube more evenly than random points, and no term comes twice.
 *
 * @param index - from 0; term 0 is `start`
 * @param start - point of the unit cube, shape (d,)
 * @returns shape (d,), each in [0, 1)
 * @see Martin Roberts, The unreasonable effectiveness of quasirandom sequences, 2018
 */
export function spreadPoint(index: number, start: Float64Array): Float64Array {
  const ratio = goldenRatio(start.length);
  return start.map((offset, i) => {
    const place = offset + index * ratio ** -(i + 1);
    return place - Math.floor(place);
  });
}

/** The positive root of x^(d+1) = x + 1: the golden ratio for d = 1. */
function goldenRatio(d: number): number {
  let x = 2;
  // Each round shrinks the error at least threefold.
  for (let round = 0; round < 40; round++) x = (1 + x) ** (1 / (d + 1));
  return x;
}
