// The kernels of assembly/kernels.ts and their memory. Callers copy arrays to it and results back: that takes next to nothing beside
// loops whose time grows with the cube of the number of rows.

import { KERNELS_BASE64 } from "./kernels.generated.js";

/** Described in the assembly folder; arrays are given by their addresses. */
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

const PAGE = 65_536;
const ENTRY = Float64Array.BYTES_PER_ELEMENT;
/** Arrays begin at multiples of so many entries, the size of a vector. */
const ALIGNMENT = 2;

const memory = new WebAssembly.Memory({ initial: 1 });
const code = new WebAssembly.Module(Uint8Array.from(atob(KERNELS_BASE64), (letter) => letter.charCodeAt(0)));

export const kernels = new WebAssembly.Instance(code, { env: { memory } }).exports as Kernels;

type Arrays<Lengths extends readonly number[]> = { readonly [I in keyof Lengths]: Float64Array };

/**
 * Arrays in the kernels' memory, of the given lengths, not zero, each with an entry behind where its length is odd. They last
 * until the next call, which gives the same memory away again.
 */
export function room<Lengths extends readonly number[]>(...lengths: Lengths): Arrays<Lengths> {
  const starts: number[] = [];
  let end = 0;
  for (const length of lengths) {
    starts.push(end * ENTRY);
    end += Math.ceil(length / ALIGNMENT) * ALIGNMENT;
  }
  const missing = end * ENTRY - memory.buffer.byteLength;
  if (missing > 0) memory.grow(Math.ceil(missing / PAGE));
  const arrays = starts.map((start, i) => new Float64Array(memory.buffer, start, lengths[i] as number));
  return arrays as Arrays<Lengths>;
}
