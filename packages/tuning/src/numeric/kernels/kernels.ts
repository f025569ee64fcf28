// The WebAssembly kernels of assembly/kernels.ts and their memory.
//
// Callers copy arguments into this memory and results out of it. For a matrix of n rows, a copy
// takes O(n²) time, a factorisation or an inverse O(n³).

import { KERNELS_BASE64 } from "./kernels.generated.js";

/**
 * The exports of the WebAssembly module. Arrays are passed by their byte offsets; the assembly
 * folder documents shapes and results.
 */
interface Kernels {
  factorize(matrix: number, panel: number, n: number): number;
  invertLower(factor: number, inverse: number, n: number): void;
  squareTransposed(lower: number, product: number, n: number): void;
  multiplyFour(lower: number, panel: number, n: number): void;
  distances(differences: number, weights: number, to: number, roots: number, d: number, count: number): void;
  distancesToFour(
    set: number,
    four: number,
    weights: number,
    nominal: number,
    to: number,
    roots: number,
    n: number,
    d: number,
  ): void;
  correlations(squares: number, slopes: number, values: number, count: number): void;
  affine(values: number, count: number, scale: number, shift: number): void;
}

const PAGE_BYTES = 65_536;
const ENTRY_BYTES = Float64Array.BYTES_PER_ELEMENT;
/** Each array starts at a multiple of this number of entries, the size of a SIMD vector. */
const ALIGNMENT = 2;

const memory = new WebAssembly.Memory({ initial: 1 });
const code = new WebAssembly.Module(Uint8Array.from(atob(KERNELS_BASE64), (letter) => letter.charCodeAt(0)));

/** The compiled kernels. They run synchronously on arrays from `room`. */
export const kernels = new WebAssembly.Instance(code, { env: { memory } }).exports as Kernels;

type Arrays<Lengths extends readonly number[]> = { readonly [I in keyof Lengths]: Float64Array };

/**
 * Returns arrays in the kernels' memory. Their contents are undefined. An array of odd length has
 * one unused entry behind it, which kernels may overwrite.
 *
 * The next call returns the same memory again, so the arrays are valid only until then.
 *
 * @param lengths - numbers of entries
 */
export function room<Lengths extends readonly number[]>(...lengths: Lengths): Arrays<Lengths> {
  const starts: number[] = [];
  let end = 0;
  for (const length of lengths) {
    starts.push(end * ENTRY_BYTES);
    end += Math.ceil(length / ALIGNMENT) * ALIGNMENT;
  }
  const missingBytes = end * ENTRY_BYTES - memory.buffer.byteLength;
  if (missingBytes > 0) memory.grow(Math.ceil(missingBytes / PAGE_BYTES));
  const arrays = starts.map((start, i) => new Float64Array(memory.buffer, start, lengths[i] as number));
  return arrays as Arrays<Lengths>;
}
