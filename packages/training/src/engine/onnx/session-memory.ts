import { type ModelShape, ModelShapeError, sizeOf, type TensorShape } from "../../model/model-shape.js";
import type { NamedTensor } from "../../model/tensor.js";
import type { SessionState } from "../contract/engine.js";
import { arenaOf, type SharedArray } from "./kernels/arena.js";
import type { Kernels } from "./kernels/kernels.js";

/** A tensor in a session's memory. */
export type Block = NamedTensor & SharedArray;

/** The tensors of a session in one piece of memory, so that a step copies none of them. */
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
    const { kernels, arrays } = arenaOf(lists.flat().map(({ shape }) => sizeOf(shape)));
    let next = 0;
    const blocksOf = (list: readonly TensorShape[]): Block[] =>
      list.map(({ name, shape }) => ({ name, shape, ...(arrays[next++] as SharedArray) }));
    const [weights = [], updates = [], ...slots] = lists.map(blocksOf);
    this.kernels = kernels;
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
