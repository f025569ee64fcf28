import type { NamedTensor, SessionState } from "../engine.js";
import { ModelShapeError } from "../engine-error.js";
import { type ModelShape, sizeOf, type TensorShape } from "../model-shape.js";
import { type Kernels, kernelsOver } from "./optimizer/kernels.js";

/** A tensor in a session's memory. */
export interface Block extends NamedTensor {
  /** Bytes from the start of the memory. */
  readonly address: number;
  /** Number of values. */
  readonly count: number;
}

/** Blocks begin at multiples of this many bytes, a cache line; the first line stays empty. */
const ALIGNMENT = 64;
const PAGE = 65_536;
/** WebAssembly addresses have 32 bits. */
const PAGES_MAX = 65_536;

/**
 * The tensors of a session in one piece of memory that ONNX Runtime, WebAssembly and JavaScript share, so that a step
 * copies none of them. It never grows, since growth would detach every view of it. Pages that nobody writes to, such as
 * those of a session that only evaluates, cost nothing.
 */
export class SessionMemory {
  readonly kernels: Kernels;
  /** In the order of the model's tensors. */
  readonly weights: readonly Block[];
  /** What a step computes for each of the weights, in the same order: its gradient, or the batch's value of an average. */
  readonly updates: readonly Block[];
  /** What the optimizer remembers of each of the weights, in the same order: none of those that are not trained. */
  readonly slots: readonly (readonly Block[])[];

  /**
   * @param slotNames - of what the optimizer remembers of a trained tensor
   * @throws {ModelShapeError} if all together is larger than 4 GiB
   */
  constructor({ tensors }: ModelShape, slotNames: readonly string[]) {
    const slotsOf = ({ name, shape, isTrained }: TensorShape): TensorShape[] =>
      isTrained ? slotNames.map((slot) => ({ name: `${name}/${slot}`, shape, isTrained })) : [];
    const lists = [tensors, tensors, ...tensors.map(slotsOf)];
    const memory = memoryOf(lists.flat().reduce((bytes, { shape }) => bytes + bytesOf(shape), ALIGNMENT));
    let address = ALIGNMENT;
    const [weights = [], updates = [], ...slots] = lists.map((list) =>
      list.map(({ name, shape }): Block => {
        const count = sizeOf(shape);
        const block = { name, shape, count, address, values: new Float32Array(memory.buffer, address, count) };
        address += bytesOf(shape);
        return block;
      }),
    );
    this.kernels = kernelsOver(memory);
    this.weights = weights;
    this.updates = updates;
    this.slots = slots;
  }

  /**
   * Copies a state in, into memory that nothing was written to.
   * @throws {ModelShapeError} if its slots are not those of the optimizer
   */
  load({ steps, weights, slots }: SessionState): void {
    copy(weights, this.weights);
    const blocks = this.slots.flat();
    if (steps === 0 && slots.length === 0) return;
    if (describe(slots) !== describe(blocks)) {
      throw new ModelShapeError(`the optimizer keeps ${describe(blocks)}; the state has ${describe(slots)}`);
    }
    copy(slots, blocks);
  }

  copyOfWeights(): NamedTensor[] {
    return this.weights.map(copyOf);
  }

  copyOfSlots(): NamedTensor[] {
    return this.slots.flat().map(copyOf);
  }
}

function bytesOf(shape: readonly number[]): number {
  return Math.ceil((sizeOf(shape) * Float32Array.BYTES_PER_ELEMENT) / ALIGNMENT) * ALIGNMENT;
}

function memoryOf(bytes: number): WebAssembly.Memory {
  const pages = Math.ceil(bytes / PAGE);
  if (pages > PAGES_MAX) {
    const needed = (bytes / 2 ** 30).toFixed(1);
    throw new ModelShapeError(`training this model takes ${needed} GiB and engine onnx has 4; tfjs-node can train it`);
  }
  return new WebAssembly.Memory({ initial: pages, maximum: pages });
}

function copy(from: readonly NamedTensor[], to: readonly Block[]): void {
  for (const [index, { values }] of from.entries()) to[index]?.values.set(values);
}

function copyOf({ name, shape, values }: Block): NamedTensor {
  return { name, shape, values: values.slice() };
}

function describe(tensors: readonly NamedTensor[]): string {
  if (tensors.length === 0) return "nothing";
  return tensors.map(({ name, values }) => `${name} of ${values.length} values`).join(", ");
}
