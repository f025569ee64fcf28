// The project's only source of chance. The same seed gives the same numbers on every machine.

import { murmur3 } from "./murmur3.js";
import { nextXoshiro, type XoshiroState, xoshiroFromSeed } from "./xoshiro128.js";

/** A stream of random numbers. */
export interface Random {
  /** Uniform on [0, 1), a multiple of 2^-53. */
  uniform(): number;
  /** Standard normal: mean 0, variance 1. */
  normal(): number;
  /**
   * Uniform on 0..below-1, without bias.
   * @param below - integer from 1 to 2^32
   */
  integer(below: number): number;
  /** Puts the elements in uniformly random order, in place. */
  shuffle(array: Uint32Array): void;
  /** All that `restoreRandom` needs to go on from here: plain numbers, safe to store as JSON. */
  state(): readonly number[];
}

/**
 * Starts a stream.
 *
 * @param seed - unsigned 32-bit integer; `deriveSeed` gives independent ones
 * @throws {RangeError} if the seed is not an unsigned 32-bit integer
 */
export function createRandom(seed: number): Random {
  return new XoshiroRandom(xoshiroFromSeed(checkUint32(seed)), undefined);
}

/**
 * Continues a stream from the result of `state`.
 *
 * @throws {RangeError} if it is not such a result
 */
export function restoreRandom(state: readonly number[]): Random {
  const words = state.slice(0, 4).map((word) => checkUint32(word) | 0);
  if (words.length < 4 || words.every((word) => word === 0) || state.length > 5) {
    throw new RangeError(`not a state of a random generator: [${state.join(", ")}]`);
  }
  return new XoshiroRandom(words as XoshiroState, state[4]);
}

/**
 * Makes a seed for one purpose out of a seed for many: stateless, so seeds do not depend on the order they are made in.
 *
 * @param seed - unsigned 32-bit integer
 * @param labels - what the seed is for, for example `"trial", 3`; 3 and "3" are different labels
 * @returns unsigned 32-bit integer
 * @throws {RangeError} if the seed is not an unsigned 32-bit integer
 */
export function deriveSeed(seed: number, ...labels: readonly (string | number)[]): number {
  return murmur3(new TextEncoder().encode(JSON.stringify(labels)), checkUint32(seed));
}

class XoshiroRandom implements Random {
  readonly #words: XoshiroState;
  /** Second number of the pair that the polar method makes at a time. */
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

  /** Marsaglia's polar method: needs no trigonometry, whose last bits differ between JavaScript engines. */
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
      throw new RangeError(`not an integer from 1 to 2^32: ${below}`);
    }
    const firstBiased = 2 ** 32 - (2 ** 32 % below);
    let word: number;
    do {
      word = nextXoshiro(this.#words);
    } while (word >= firstBiased);
    return word % below;
  }

  /** Fisher and Yates, from the end. */
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
    throw new RangeError(`not an unsigned 32-bit integer: ${value}`);
  }
  return value;
}
