import { ModelShapeError } from "../../../model/model-shape.js";
import { type Kernels, kernelsOver } from "./kernels.js";

/** A float32 array in memory that ONNX Runtime, WebAssembly and JavaScript share. */
export interface SharedArray {
  /** Bytes from the start of the memory. */
  readonly address: number;
  /** Number of values. */
  readonly count: number;
  readonly values: Float32Array;
}

/** Arrays in one memory, zero, with the kernels that work on it. */
export interface Arena {
  readonly kernels: Kernels;
  readonly arrays: readonly SharedArray[];
}

/** Arrays begin at multiples of this many bytes, a cache line; the first line stays empty, so that no address is 0. */
const ALIGNMENT = 64;
const PAGE = 65_536;
/** WebAssembly addresses have 32 bits. */
const PAGES_MAX = 65_536;

/**
 * Lays out arrays with the given numbers of values in a new memory. It never grows, since growth would detach every view
 * of it. Pages that nobody writes to cost nothing.
 *
 * @throws {ModelShapeError} if all together is larger than 4 GiB
 */
export function arenaOf(counts: readonly number[]): Arena {
  const addresses: number[] = [];
  let end = ALIGNMENT;
  for (const count of counts) {
    addresses.push(end);
    end += Math.ceil((count * Float32Array.BYTES_PER_ELEMENT) / ALIGNMENT) * ALIGNMENT;
  }
  const memory = memoryOf(end);
  const arrays = addresses.map((address, index) => {
    const count = counts[index] as number;
    return { address, count, values: new Float32Array(memory.buffer, address, count) };
  });
  return { kernels: kernelsOver(memory), arrays };
}

function memoryOf(bytes: number): WebAssembly.Memory {
  const pages = Math.ceil(bytes / PAGE);
  if (pages > PAGES_MAX) {
    const needed = (bytes / 2 ** 30).toFixed(1);
    throw new ModelShapeError(`training this model takes ${needed} GiB and engine onnx has 4; tfjs-node can train it`);
  }
  return new WebAssembly.Memory({ initial: pages, maximum: pages });
}
