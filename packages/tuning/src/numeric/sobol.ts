import { deriveSeed } from "../random/random.js";
import { DIRECTION_NUMBERS, SOBOL_DIMENSIONS_MAX } from "./direction-numbers.js";

const BITS = 32;

/**
 * A sequence of points that fill the unit cube evenly: every 2^k of them in a row have one in each
 * box of many shapes.
 */
export interface SobolSequence {
  /**
   * A term of the sequence.
   *
   * @param index - from 0 to 2^32 - 1
   * @returns shape (d,), each in [0, 1)
   */
  point(index: number): Float64Array;
}

/**
 * Sobol's sequence, scrambled by hashing as Owen does: digits are permuted at random from the first
 * on, depending on those before. The evenness stays, every point becomes uniform, and seeds give
 * independent sequences.
 *
 * @param d - number of dimensions, 0 to 64
 * @param seed - unsigned 32-bit integer; undefined leaves the sequence unscrambled
 * @see Joe, Kuo, Constructing Sobol sequences with better two-dimensional projections, 2008
 * @see Burley, Practical hash-based Owen scrambling, 2020
 */
export function sobolSequence(d: number, seed: number | undefined): SobolSequence {
  if (d > SOBOL_DIMENSIONS_MAX) throw new RangeError(`at most ${SOBOL_DIMENSIONS_MAX} dimensions, not ${d}`);
  const directions = Array.from({ length: d }, (_, dimension) => directionsOf(dimension));
  const seeds = Array.from({ length: d }, (_, dimension) =>
    seed === undefined ? undefined : deriveSeed(seed, "sobol", dimension),
  );
  return {
    point: (index) =>
      Float64Array.from(directions, (numbers, dimension) => {
        const digits = digitsAt(numbers, index);
        const key = seeds[dimension];
        return (key === undefined ? digits : scrambled(digits, key)) * 2 ** -BITS;
      }),
  };
}

/**
 * The numbers v_1 to v_32 of a dimension as 32-bit integers; v_k has its last digit at place k from
 * the left.
 */
function directionsOf(dimension: number): Uint32Array {
  const row = DIRECTION_NUMBERS[dimension - 1];
  if (row === undefined) return Uint32Array.from({ length: BITS }, (_, k) => 2 ** (BITS - 1 - k));
  const [polynomial, ...initial] = row;
  const degree = initial.length;
  const v = Uint32Array.from({ length: BITS }, (_, k) => (initial[k] ?? 0) * 2 ** (BITS - 1 - k));
  for (let k = degree; k < BITS; k++) {
    let next = at(v, k - degree) ^ (at(v, k - degree) >>> degree);
    for (let i = 1; i < degree; i++) if ((polynomial >>> (degree - i)) & 1) next ^= at(v, k - i);
    v[k] = next;
  }
  return v;
}

/** The sum modulo 2 of the directions at the ones of the index's Gray code. */
function digitsAt(directions: Uint32Array, index: number): number {
  let digits = 0;
  for (let gray = index ^ (index >>> 1), k = 0; gray !== 0; gray >>>= 1, k++) {
    if (gray & 1) digits ^= at(directions, k);
  }
  return digits >>> 0;
}

/**
 * Each digit is flipped or not by a hash of those to its left: Laine and Karras' mixing, on
 * reversed digits.
 */
function scrambled(digits: number, key: number): number {
  let x = (reversed(digits) + key) | 0;
  x ^= Math.imul(x, 0x6c50b47c);
  x ^= Math.imul(x, 0xb82f1e52);
  x ^= Math.imul(x, 0xc7afe638);
  x ^= Math.imul(x, 0x8d22f6e6);
  return reversed(x);
}

function reversed(word: number): number {
  let x = word;
  x = ((x & 0x55555555) << 1) | ((x >>> 1) & 0x55555555);
  x = ((x & 0x33333333) << 2) | ((x >>> 2) & 0x33333333);
  x = ((x & 0x0f0f0f0f) << 4) | ((x >>> 4) & 0x0f0f0f0f);
  x = ((x & 0x00ff00ff) << 8) | ((x >>> 8) & 0x00ff00ff);
  return ((x << 16) | (x >>> 16)) >>> 0;
}

function at(numbers: Uint32Array, index: number): number {
  return numbers[index] as number;
}
