import { type ModelShape, ModelShapeError, sizeOf, type TensorShape } from "../../model/model-shape.js";
import type { ModelWeights, NamedTensor } from "../../model/tensor.js";
import type { SessionState } from "../contract/engine.js";
import type { Optimizer, Update } from "./optimizer/optimizer.js";
import { type NamedTensors, type Tensor, type TensorFlow, tensorNamed } from "./tensorflow/tensorflow.js";

/** All tensors that training changes. */
export type TrainingState = {
  readonly weights: NamedTensors;
  /** By the name of the weight and that of the slot: dense/kernel/momentum. */
  readonly slots: NamedTensors;
};

/** The layout of a session's state. */
export class StateLayout {
  readonly #shape: ModelShape;
  readonly #slots: readonly TensorShape[];
  readonly #slotNames: readonly string[];

  constructor(shape: ModelShape, { slots }: Optimizer) {
    this.#shape = shape;
    this.#slotNames = slots;
    this.#slots = shape.tensors
      .filter(({ isTrained }) => isTrained)
      .flatMap((tensor) => slots.map((slot) => ({ ...tensor, name: slotOf(tensor.name, slot) })));
  }

  /**
   * Copies a state to the device. The tensors are the caller's.
   * @throws {ModelShapeError} if the slots are not those of the plan's optimizer
   */
  load(tf: TensorFlow, { steps, weights, slots }: SessionState): TrainingState {
    const isFresh = steps === 0 && slots.length === 0;
    if (!isFresh) this.#assertSlotsFit(slots);
    return {
      weights: tensorsOf(tf, weights),
      slots: isFresh ? zeros(tf, this.#slots) : tensorsOf(tf, slots),
    };
  }

  /** Applies an update to every trained tensor; moving averages take their next values. */
  next(state: TrainingState, { update, gradients, movingAverages }: StepResult): TrainingState {
    const weights: Record<string, Tensor> = { ...movingAverages };
    const slots: Record<string, Tensor> = {};
    for (const [name, gradient] of Object.entries(gradients)) {
      const names = this.#slotNames.map((slot) => slotOf(name, slot));
      const before = names.map((slot) => tensorNamed(state.slots, slot));
      const after = update({ weight: tensorNamed(state.weights, name), slots: before }, gradient);
      weights[name] = after.weight;
      for (const [index, slot] of names.entries()) slots[slot] = after.slots[index] as Tensor;
    }
    return { weights, slots };
  }

  readWeights({ weights }: TrainingState): Promise<ModelWeights> {
    return read(this.#shape.tensors, weights);
  }

  readSlots({ slots }: TrainingState): Promise<readonly NamedTensor[]> {
    return read(this.#slots, slots);
  }

  #assertSlotsFit(slots: readonly NamedTensor[]): void {
    const fits = this.#slots.every(({ name, shape }, index) => {
      const slot = slots[index];
      return slot?.name === name && String(slot.shape) === String(shape) && slot.values.length === sizeOf(shape);
    });
    if (fits && slots.length === this.#slots.length) return;
    const expected = this.#slots.map(({ name }) => name).join(", ");
    const received = slots.map(({ name }) => name).join(", ");
    throw new ModelShapeError(`the optimizer's slots are [${expected}] in the model's shapes, not [${received}]`);
  }
}

/** What one step computed. */
export interface StepResult {
  readonly update: Update;
  readonly gradients: NamedTensors;
  readonly movingAverages: NamedTensors;
}

export function disposeState({ weights, slots }: TrainingState): void {
  for (const tensor of [...Object.values(weights), ...Object.values(slots)]) tensor.dispose();
}

function slotOf(tensor: string, slot: string): string {
  return `${tensor}/${slot}`;
}

/** tfjs may keep the memory that it is given, so it is given a copy. */
function tensorsOf(tf: TensorFlow, tensors: readonly NamedTensor[]): NamedTensors {
  return Object.fromEntries(
    tensors.map(({ name, shape, values }) => [name, tf.tensor(values.slice(), [...shape])] as const),
  );
}

function zeros(tf: TensorFlow, shapes: readonly TensorShape[]): NamedTensors {
  return Object.fromEntries(shapes.map(({ name, shape }) => [name, tf.zeros([...shape])] as const));
}

/** tfjs may hand out its own memory, so it is copied. */
function read(shapes: readonly TensorShape[], tensors: NamedTensors): Promise<NamedTensor[]> {
  return Promise.all(
    shapes.map(async ({ name, shape }) => {
      const values = Float32Array.from(await tensorNamed(tensors, name).data());
      return { name, shape, values };
    }),
  );
}
