import { type ModelShape, ModelShapeError, sizeOf, type TensorShape } from "../../model/model-shape.js";
import type { NamedTensor } from "../../model/tensor.js";
import type { SessionState } from "../contract/engine.js";
import { arenaOf, type SharedArray } from "./kernels/arena.js";
import type { Kernels } from "./kernels/kernels.js";

/** A tensor in the memory of a session. */
export type Block = NamedTensor & SharedArray;

/**
 * The tensors of a session in one memory that ONNX Runtime, WebAssembly and JavaScript share. A
 * step copies none of them.
 */
export class SessionMemory {
  readonly kernels: Kernels;
  /** In the order of the model's tensors. */
  readonly weights: readonly Block[];
  /**
   * The update of each tensor, in the same order: its gradient, or the statistic of the batch for
   * a moving average.
   */
  readonly updates: readonly Block[];
  /**
   * The optimizer's slots of each tensor, in the same order; empty for tensors that are not
   * trained.
   */
  readonly slots: readonly (readonly Block[])[];

  /**
   * Allocates the memory and copies a state into it.
   *
   * @param slotNames - names of the optimizer's slots
   * @throws {ModelShapeError} if all tensors need more than 4 GiB, or the state has other slots
   */
  constructor({ tensors }: ModelShape, slotNames: readonly string[], state: SessionState) {
    const slotsOf = ({ name, shape, isTrained }: TensorShape): TensorShape[] =>
      isTrained ? slotNames.map((slot) => ({ name: `${name}/${slot}`, shape, isTrained })) : [];
    const lists = [tensors, tensors, ...tensors.map(slotsOf)];
    const { kernels, arrays } = arenaOf(lists.flat().map(({ shape }) => sizeOf(shape)));
    let next = 0;
    const blocksOf = (list: readonly TensorShape[]): Block[] =>
      list.map(({ name, shape }) => ({ name, shape, ...(arrays[next++] as SharedArray) }));
    const [weights = [], updates = [], ...slots] = lists.map(blocksOf);
    this.kernels = kernels;
    this.weights = weights;
    this.updates = updates;
    this.slots = slots;
    this.#load(state);
  }

  /** Returns copies of the weights. */
  copyOfWeights(): NamedTensor[] {
    return this.weights.map(copyOf);
  }

  /** Returns copies of all slots. */
  copyOfSlots(): NamedTensor[] {
    return this.slots.flat().map(copyOf);
  }

  #load({ steps, weights, slots }: SessionState): void {
    copy(weights, this.weights);
    const blocks = this.slots.flat();
    if (steps === 0 && slots.length === 0) return;
    if (describe(slots) !== describe(blocks)) {
      throw new ModelShapeError(`the optimizer needs ${describe(blocks)}; the state has ${describe(slots)}`);
    }
    copy(slots, blocks);
  }
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
