// MurmurHash3, x86 32-bit variant, by Austin Appleby (public domain): smhasher, MurmurHash3.cpp.

const C1 = 0xcc9e2d51;
const C2 = 0x1b873593;

/**
 * Hashes bytes to an unsigned 32-bit integer. The hash is not cryptographic: collisions are easy
 * to construct.
 *
 * @param seed - unsigned 32-bit integer
 * @returns unsigned 32-bit integer
 */
export function murmur3(bytes: Uint8Array, seed: number): number {
  const blockEnd = bytes.length - (bytes.length % 4);
  let hash = seed | 0;
  for (let at = 0; at < blockEnd; at += 4) {
    hash = mixIn(hash, littleEndian(bytes, at, 4));
    hash = (Math.imul(rotateLeft(hash, 13), 5) + 0xe6546b64) | 0;
  }
  hash = mixIn(hash, littleEndian(bytes, blockEnd, bytes.length - blockEnd));
  return finalize(hash ^ bytes.length);
}

function littleEndian(bytes: Uint8Array, start: number, count: number): number {
  let word = 0;
  for (let i = 0; i < count; i++) word |= (bytes[start + i] as number) << (8 * i);
  return word;
}

function mixIn(hash: number, word: number): number {
  return hash ^ Math.imul(rotateLeft(Math.imul(word, C1), 15), C2);
}

/**
 * Applies the finalizer fmix32, a bijection of 32-bit words. A change of one input bit changes half
 * of the output bits on average.
 */
function finalize(hash: number): number {
  let mixed = hash ^ (hash >>> 16);
  mixed = Math.imul(mixed, 0x85ebca6b);
  mixed ^= mixed >>> 13;
  mixed = Math.imul(mixed, 0xc2b2ae35);
  return (mixed ^ (mixed >>> 16)) >>> 0;
}

function rotateLeft(word: number, bits: number): number {
  return (word << bits) | (word >>> (32 - bits));
}
