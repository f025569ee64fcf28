import type { DenseLayer, TrainingPlan } from "@sintonia/tuning/plan/training-plan";
import { createRandom, deriveSeed } from "@sintonia/tuning/random/random";
import type { DenseWeights, ModelWeights } from "../engine/engine.js";
import { initialize } from "./initializer.js";

/**
 * Starting weights of a plan's model. Each tensor has its own stream, made from the seed and the tensor's place, so a
 * change of one layer leaves the random numbers of the others as they are.
 *
 * @param features - inputs of the first layer
 * @param seed - of the execution, an unsigned 32-bit integer
 */
export function initialWeights(plan: TrainingPlan, features: number, seed: number): ModelWeights {
  const { layers } = plan.model;
  return layers.map((layer, index) => {
    const inputs = index === 0 ? features : (layers[index - 1] as DenseLayer).units;
    return denseWeights(layer, inputs, index, seed);
  });
}

function denseWeights(layer: DenseLayer, inputs: number, index: number, seed: number): DenseWeights {
  const { units, kernelInitializer, biasInitializer } = layer;
  const stream = (tensor: "kernel" | "bias") => createRandom(deriveSeed(seed, "weights", index, tensor));
  return {
    inputs,
    units,
    kernel: initialize(kernelInitializer, inputs * units, { in: inputs, out: units }, stream("kernel")),
    bias: initialize(biasInitializer, units, { in: units, out: units }, stream("bias")),
  };
}
