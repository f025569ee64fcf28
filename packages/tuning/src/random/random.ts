// The project's only source of randomness. The same seed gives the same numbers on every machine.

import { murmur3 } from "./murmur3.js";
import { nextXoshiro, type XoshiroState, xoshiroFromSeed } from "./xoshiro128.js";

/** A stream of pseudo-random numbers. Each method except `state` advances the stream. */
export interface Random {
  /** Draws from the uniform distribution on [0, 1); the result is a multiple of 2^-53. */
  uniform(): number;
  /** Draws from the standard normal distribution: mean 0, variance 1. */
  normal(): number;
  /**
   * Draws from the uniform distribution on the integers 0 to below - 1, without modulo bias.
   *
   * @param below - integer from 1 to 2^32
   * @throws {RangeError} if `below` is not such an integer
   */
  integer(below: number): number;
  /** Permutes the elements in place; every permutation is equally likely. */
  shuffle(array: Uint32Array): void;
  /**
   * Returns the state from which `restoreRandom` continues the stream. The state consists of four
   * unsigned 32-bit words and, if one waits, the spare normal number. It is safe to store as JSON.
   */
  state(): readonly number[];
}

/**
 * Creates a stream from a seed.
 *
 * @param seed - unsigned 32-bit integer; `deriveSeed` makes seeds of independent streams
 * @throws {RangeError} if the seed is not an unsigned 32-bit integer
 */
export function createRandom(seed: number): Random {
  return new XoshiroRandom(xoshiroFromSeed(checkUint32(seed)), undefined);
}

/**
 * Continues a stream from a state that `Random.state` returned.
 *
 * @throws {RangeError} if the numbers are not such a state
 */
export function restoreRandom(state: readonly number[]): Random {
  const words = state.slice(0, 4).map((word) => checkUint32(word) | 0);
  if (words.length < 4 || words.every((word) => word === 0) || state.length > 5) {
    throw new RangeError(`expected the state of a random generator, received [${state.join(", ")}]`);
  }
  return new XoshiroRandom(words as XoshiroState, state[4]);
}

/**
 * Derives the seed of one purpose from a general seed. The result is a hash of the arguments, so it
 * does not depend on the order in which seeds are derived.
 *
 * @param seed - unsigned 32-bit integer
 * @param labels - name of the purpose, for example `"trial", 3`; 3 and "3" are different labels
 * @returns unsigned 32-bit integer
 * @throws {RangeError} if the seed is not an unsigned 32-bit integer
 */
export function deriveSeed(seed: number, ...labels: readonly (string | number)[]): number {
  return murmur3(new TextEncoder().encode(JSON.stringify(labels)), checkUint32(seed));
}

class XoshiroRandom implements Random {
  readonly #words: XoshiroState;
  /** Second number of a pair from the polar method; the next call of `normal` returns it. */
  #spareNormal: number | undefined;

  constructor(words: XoshiroState, spareNormal: number | undefined) {
    this.#words = words;
    this.#spareNormal = spareNormal;
  }

  uniform(): number {
    const high = nextXoshiro(this.#words) >>> 5;
    const low = nextXoshiro(this.#words) >>> 6;
    return (high * 2 ** 26 + low) * 2 ** -53;
  }

  /**
   * Uses Marsaglia's polar method, which needs no trigonometric functions: their last bits differ
   * between JavaScript engines.
   */
  normal(): number {
    if (this.#spareNormal !== undefined) {
      const spare = this.#spareNormal;
      this.#spareNormal = undefined;
      return spare;
    }
    let x: number;
    let y: number;
    let square: number;
    do {
      x = 2 * this.uniform() - 1;
      y = 2 * this.uniform() - 1;
      square = x * x + y * y;
    } while (square >= 1 || square === 0);
    const factor = Math.sqrt((-2 * Math.log(square)) / square);
    this.#spareNormal = y * factor;
    return x * factor;
  }

  integer(below: number): number {
    if (!Number.isInteger(below) || below < 1 || below > 2 ** 32) {
      throw new RangeError(`expected an integer from 1 to 2^32, received ${below}`);
    }
    // Words from the largest multiple of `below` on would favour small results. They are among the
    // last `below` words; the remainder, which costs more than the word, is seldom needed.
    let word = nextXoshiro(this.#words);
    if (word >= 2 ** 32 - below) {
      const firstBiased = 2 ** 32 - (2 ** 32 % below);
      while (word >= firstBiased) word = nextXoshiro(this.#words);
    }
    return word % below;
  }

  /** Uses the Fisher-Yates shuffle, from the last element to the first. */
  shuffle(array: Uint32Array): void {
    for (let last = array.length - 1; last > 0; last--) {
      const chosen = this.integer(last + 1);
      const value = array[last] as number;
      array[last] = array[chosen] as number;
      array[chosen] = value;
    }
  }

  state(): readonly number[] {
    const words = this.#words.map((word) => word >>> 0);
    return this.#spareNormal === undefined ? words : [...words, this.#spareNormal];
  }
}

function checkUint32(value: number): number {
  if (!Number.isInteger(value) || value < 0 || value > 0xffffffff) {
    throw new RangeError(`expected an unsigned 32-bit integer, received ${value}`);
  }
  return value;
}
