import { ModelShapeError } from "../../../model/model-shape.js";
import { type Kernels, kernelsOver } from "./kernels.js";

/** A float32 array in a memory that ONNX Runtime, WebAssembly and JavaScript share. */
export interface SharedArray {
  /** Bytes from the start of the memory. */
  readonly address: number;
  /** Number of values. */
  readonly count: number;
  readonly values: Float32Array;
}

/** Arrays of zeros in one memory, with the kernels that compute in that memory. */
export interface Arena {
  readonly kernels: Kernels;
  readonly arrays: readonly SharedArray[];
}

/**
 * Alignment of arrays in bytes, one cache line. The first line stays empty: address 0 stands for
 * no tensor.
 */
const ALIGNMENT = 64;
const PAGE = 65_536;
/** Limit of 32-bit addresses, 4 GiB. Larger models are refused. */
const PAGES_MAX = 65_536;

/**
 * Allocates arrays with the given numbers of values in a new memory. The memory never grows,
 * because growth would detach all views. The system provides a page only when it is first written.
 *
 * @throws {ModelShapeError} if all arrays need more than 4 GiB
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
    throw new ModelShapeError(`training this model needs ${needed} GiB, engine onnx has 4; use engine tfjs-node`);
  }
  return new WebAssembly.Memory({ initial: pages, maximum: pages });
}
