// The Mersenne Twister of Python's random.Random and of numpy's RandomState. The two differ in how
// they derive the state from a seed.

/** A generator of uniform numbers in [0, 1), multiples of 2^-53. */
export interface MersenneTwister {
  uniform(): number;
}

/**
 * Returns the generator of Python's `random.Random(seed).random()`.
 *
 * @param seed - integer from 0 to 2^53
 */
export function pythonRandom(seed: number): MersenneTwister {
  const high = Math.floor(seed / 2 ** 32);
  return twister(stateFromKey(high === 0 ? [seed] : [seed % 2 ** 32, high]));
}

/**
 * Returns the generator of `numpy.random.RandomState(seed).random_sample()`.
 *
 * @param seed - unsigned 32-bit integer
 */
export function numpyRandom(seed: number): MersenneTwister {
  return twister(stateFromSeed(seed));
}

const N = 624;
const M = 397;

/** MT19937: Matsumoto, Nishimura, Mersenne Twister, 1998. */
function twister(state: Uint32Array): MersenneTwister {
  let index = N;
  const word = () => {
    if (index === N) {
      twist(state);
      index = 0;
    }
    let y = state[index++] as number;
    y ^= y >>> 11;
    y ^= (y << 7) & 0x9d2c5680;
    y ^= (y << 15) & 0xefc60000;
    return (y ^ (y >>> 18)) >>> 0;
  };
  return {
    uniform: () => {
      const high = word() >>> 5;
      const low = word() >>> 6;
      return (high * 2 ** 26 + low) / 2 ** 53;
    },
  };
}

function twist(state: Uint32Array): void {
  for (let i = 0; i < N; i++) {
    const y = (at(state, i) & 0x80000000) | (at(state, (i + 1) % N) & 0x7fffffff);
    state[i] = at(state, (i + M) % N) ^ (y >>> 1) ^ (y & 1 ? 0x9908b0df : 0);
  }
}

/** `init_genrand` of the reference implementation. */
function stateFromSeed(seed: number): Uint32Array {
  const state = new Uint32Array(N);
  state[0] = seed;
  for (let i = 1; i < N; i++) state[i] = Math.imul(at(state, i - 1) ^ (at(state, i - 1) >>> 30), 1812433253) + i;
  return state;
}

/** `init_by_array` of the reference implementation. */
function stateFromKey(key: readonly number[]): Uint32Array {
  const state = stateFromSeed(19650218);
  let i = 1;
  const mix = (factor: number, added: number) => {
    const previous = at(state, i - 1) ^ (at(state, i - 1) >>> 30);
    state[i] = (at(state, i) ^ Math.imul(previous, factor)) + added;
    i++;
    if (i === N) {
      state[0] = at(state, N - 1);
      i = 1;
    }
  };
  for (let k = 0; k < N; k++) mix(1664525, (key[k % key.length] as number) + (k % key.length));
  for (let k = 0; k < N - 1; k++) mix(1566083941, -i);
  state[0] = 0x80000000;
  return state;
}

function at(state: Uint32Array, index: number): number {
  return state[index] as number;
}
