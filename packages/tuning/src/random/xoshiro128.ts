// The generator xoshiro128** 1.1 by David Blackman and Sebastiano Vigna, seeded by SplitMix64 as
// they recommend: https://prng.di.unimi.it

/** The state of the generator: four words of 32 bits, not all zero. */
export type XoshiroState = [number, number, number, number];

const MASK_64 = (1n << 64n) - 1n;

/**
 * Returns the initial state of a seed: the first two outputs of SplitMix64, low word first.
 *
 * @param seed - unsigned 32-bit integer
 */
export function xoshiroFromSeed(seed: number): XoshiroState {
  const [first, second] = splitMix64(BigInt(seed), 2) as [bigint, bigint];
  return [lowWord(first), lowWord(first >> 32n), lowWord(second), lowWord(second >> 32n)];
}

/** Advances the state and returns the next unsigned 32-bit integer. */
export function nextXoshiro(state: XoshiroState): number {
  const result = Math.imul(rotateLeft(Math.imul(state[1], 5), 7), 9) >>> 0;
  const shifted = state[1] << 9;
  state[2] ^= state[0];
  state[3] ^= state[1];
  state[1] ^= state[2];
  state[0] ^= state[3];
  state[2] ^= shifted;
  state[3] = rotateLeft(state[3], 11);
  return result;
}

/**
 * Returns the first outputs of SplitMix64.
 *
 * @param seed - initial state, unsigned 64-bit integer
 * @param count - number of outputs
 * @returns unsigned 64-bit integers
 * @see Steele, Lea, Flood, Fast splittable pseudorandom number generators, 2014
 */
export function splitMix64(seed: bigint, count: number): bigint[] {
  const outputs: bigint[] = [];
  for (let i = 1n; i <= BigInt(count); i++) {
    let mixed = (seed + i * 0x9e3779b97f4a7c15n) & MASK_64;
    mixed = ((mixed ^ (mixed >> 30n)) * 0xbf58476d1ce4e5b9n) & MASK_64;
    mixed = ((mixed ^ (mixed >> 27n)) * 0x94d049bb133111ebn) & MASK_64;
    outputs.push(mixed ^ (mixed >> 31n));
  }
  return outputs;
}

function lowWord(value: bigint): number {
  return Number(value & 0xffffffffn) | 0;
}

function rotateLeft(word: number, bits: number): number {
  return (word << bits) | (word >>> (32 - bits));
}
