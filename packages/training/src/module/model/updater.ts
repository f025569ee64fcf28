// What changes a model's weights by gradients: the optimizer of the plan, or the one with which the
// module compiled its model.

import type { OptimizerPlan } from "@sintonia/tuning/plan/training-plan";
import type { Optimizer as TfjsOptimizer, Variable } from "@tensorflow/tfjs";
import { clipped } from "../../engine/tfjs/optimizer/clipping.js";
import { createOptimizer } from "../../engine/tfjs/optimizer/optimizers.js";
import type { NamedTensors, Tensor, TensorFlow } from "../../engine/tfjs/tensorflow/tensorflow.js";
import type { NamedTensor } from "../../model/tensor.js";
import type { ModelWeight } from "./built-model.js";

/** The step of an optimizer. */
export interface Step {
  /** Gradients by the names of `ModelWeight`. */
  readonly gradients: NamedTensors;
  /** Number of this step, counted from 1. */
  readonly number: number;
  readonly learningRate: number;
}

/** Changes the trained weights of one model. Holds tensors until `dispose`. */
export interface Updater {
  /** Applies one step. Called inside tf.tidy. */
  apply(step: Step): void;
  /** Returns a copy of the state between two steps. */
  read(): Promise<NamedTensor[]>;
  /** Continues from a state that `read` returned. */
  restore(slots: readonly NamedTensor[]): Promise<void>;
  dispose(): void;
}

/** Creates the updater of a plan's optimizer, with the arithmetic of Keras. */
export function planUpdater(tf: TensorFlow, plan: OptimizerPlan, weights: readonly ModelWeight[]): Updater {
  const { slots: slotNames, update } = createOptimizer(tf, plan);
  const trained = weights.filter(({ isTrained }) => isTrained);
  const slots = new Map<string, Tensor>();
  const set = (name: string, tensor: Tensor) => {
    slots.get(name)?.dispose();
    slots.set(name, tf.keep(tensor));
  };
  for (const { name, shape } of trained) for (const slot of slotNames) set(`${name}/${slot}`, tf.zeros([...shape]));
  return {
    apply: ({ gradients, number, learningRate }) => {
      const change = update({ number, learningRate });
      const limited = clipped(tf, gradients, plan);
      for (const { name, variable } of trained) {
        const before = slotNames.map((slot) => slots.get(`${name}/${slot}`) as Tensor);
        const after = change({ weight: variable.read(), slots: before }, limited[name] as Tensor);
        variable.write(after.weight);
        for (const [index, slot] of slotNames.entries()) set(`${name}/${slot}`, after.slots[index] as Tensor);
      }
    },
    read: () => Promise.all([...slots].map(([name, tensor]) => readTensor(name, tensor))),
    restore: async (state) => {
      for (const { name, shape, values } of state) set(name, tf.tensor(values.slice(), [...shape]));
    },
    dispose: () => {
      for (const tensor of slots.values()) tensor.dispose();
    },
  };
}

/** Parts of an optimizer that its public form does not have. */
interface OptimizerParts {
  learningRate?: number;
  setLearningRate?(rate: number): void;
}

/** Returns the learning rate of a tfjs optimizer; undefined if the optimizer has none. */
export function learningRateOf(optimizer: TfjsOptimizer): number | undefined {
  const { learningRate } = optimizer as unknown as OptimizerParts;
  return typeof learningRate === "number" && Number.isFinite(learningRate) ? learningRate : undefined;
}

/** Prefix of the state that an optimizer does not list among its weights. */
const OWN = "optimizer/";

/** Creates the updater of the optimizer with which a module compiled its model. */
export function compiledUpdater(tf: TensorFlow, optimizer: TfjsOptimizer, weights: readonly ModelWeight[]): Updater {
  const parts = optimizer as unknown as OptimizerParts;
  const own = Object.entries(optimizer).filter((entry): entry is [string, Variable] => {
    return entry[1] instanceof tf.Variable;
  });
  return {
    apply: ({ gradients, learningRate }) => {
      if (parts.setLearningRate !== undefined) parts.setLearningRate(learningRate);
      else if (parts.learningRate !== undefined) parts.learningRate = learningRate;
      const entries = weights.flatMap(({ name, variable }) =>
        gradients[name] === undefined ? [] : [[(variable.read() as Variable).name, gradients[name]]],
      );
      optimizer.applyGradients(Object.fromEntries(entries));
    },
    read: async () => {
      const listed = (await optimizer.getWeights()).map(({ tensor }) => tensor);
      const named = [
        ...listed.map((tensor, index) => [`slot/${index}`, tensor] as const),
        ...own.map(([name, variable]) => [`${OWN}${name}`, variable as Tensor] as const),
      ];
      const read = await Promise.all(named.map(([name, tensor]) => readTensor(name, tensor)));
      // The number of steps is a tensor of its own; the others are the optimizer's variables.
      for (const tensor of listed) if (!(tensor instanceof tf.Variable)) tensor.dispose();
      return read;
    },
    restore: async (state) => {
      const tensorOf = ({ shape, values }: NamedTensor) => tf.tensor(values.slice(), [...shape]);
      const listed = state.filter(({ name }) => !name.startsWith(OWN));
      await optimizer.setWeights(listed.map((slot) => ({ name: slot.name, tensor: tensorOf(slot) })));
      for (const [name, variable] of own) {
        const slot = state.find((candidate) => candidate.name === `${OWN}${name}`);
        if (slot !== undefined) tf.tidy(() => variable.assign(tensorOf(slot)));
      }
    },
    dispose: () => optimizer.dispose(),
  };
}

async function readTensor(name: string, tensor: Tensor): Promise<NamedTensor> {
  return { name, shape: tensor.shape, values: Float32Array.from(await tensor.data()) };
}
