import { type ModelShape, ModelShapeError, sizeOf, type TensorShape } from "../../model/model-shape.js";
import type { ModelWeights, NamedTensor } from "../../model/tensor.js";
import type { SessionState } from "../contract/engine.js";
import type { Optimizer, Update } from "./optimizer/optimizer.js";
import { type NamedTensors, type Tensor, type TensorFlow, tensorNamed } from "./tensorflow/tensorflow.js";

/** The tensors that training changes. */
export type TrainingState = {
  readonly weights: NamedTensors;
  /** Slots by the names of weight and slot: dense/kernel/momentum. */
  readonly slots: NamedTensors;
};

/**
 * The names and shapes of a session's state, and the conversions between device and
 * `SessionState`.
 */
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
   * Copies a state to the device. The caller disposes of the tensors.
   *
   * @throws {ModelShapeError} if the state has other slots than the plan's optimizer
   */
  load(tf: TensorFlow, { steps, weights, slots }: SessionState): TrainingState {
    const isFresh = steps === 0 && slots.length === 0;
    if (!isFresh) this.#assertSlotsFit(slots);
    return {
      weights: tensorsOf(tf, weights),
      slots: isFresh ? zeros(tf, this.#slots) : tensorsOf(tf, slots),
    };
  }

  /**
   * Computes the next state: applies an update to every trained tensor, and replaces the moving
   * averages.
   */
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

  /** Reads the weights from the device. */
  readWeights({ weights }: TrainingState): Promise<ModelWeights> {
    return read(this.#shape.tensors, weights);
  }

  /** Reads the slots from the device. */
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
    throw new ModelShapeError(
      `the optimizer needs the slots [${expected}] in the model's shapes; the state has [${received}]`,
    );
  }
}

/** The results of one step. */
interface StepResult {
  readonly update: Update;
  readonly gradients: NamedTensors;
  readonly movingAverages: NamedTensors;
}

/** Frees all tensors of a state. */
export function disposeState({ weights, slots }: TrainingState): void {
  for (const tensor of [...Object.values(weights), ...Object.values(slots)]) tensor.dispose();
}

function slotOf(tensor: string, slot: string): string {
  return `${tensor}/${slot}`;
}

/** Creates tensors of copies, because tfjs may keep the memory that it receives. */
function tensorsOf(tf: TensorFlow, tensors: readonly NamedTensor[]): NamedTensors {
  return Object.fromEntries(
    tensors.map(({ name, shape, values }) => [name, tf.tensor(values.slice(), [...shape])] as const),
  );
}

function zeros(tf: TensorFlow, shapes: readonly TensorShape[]): NamedTensors {
  return Object.fromEntries(shapes.map(({ name, shape }) => [name, tf.zeros([...shape])] as const));
}

/** Reads tensors as copies, because tfjs may return its own memory. */
function read(shapes: readonly TensorShape[], tensors: NamedTensors): Promise<NamedTensor[]> {
  return Promise.all(
    shapes.map(async ({ name, shape }) => {
      const values = Float32Array.from(await tensorNamed(tensors, name).data());
      return { name, shape, values };
    }),
  );
}
