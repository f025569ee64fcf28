import type { Layer, TrainingPlan } from "@sintonia/tuning/plan/training-plan";
import { createRandom, deriveSeed } from "@sintonia/tuning/random/random";
import { type DenseShape, type LayerShape, modelShape, sizeOf, type TensorShape } from "../model/model-shape.js";
import type { ModelWeights, NamedTensor } from "../model/tensor.js";
import { initialize } from "./initializers.js";

/**
 * Draws the initial weights of a plan's model. Each tensor has its own random stream, derived from
 * the seed, the layer's index and the tensor's name. A change of one layer therefore does not
 * change the random numbers of the others.
 *
 * @param features - number of inputs of the first layer
 * @param seed - seed of the execution, an unsigned 32-bit integer
 */
export function initialWeights({ model }: TrainingPlan, features: number, seed: number): ModelWeights {
  const { layers } = modelShape(model.layers, features);
  return layers.flatMap((shape, index) => layerWeights(shape, model.layers[index] as Layer, { index, seed }));
}

interface Source {
  /** Index of the layer. */
  readonly index: number;
  readonly seed: number;
}

function layerWeights(shape: LayerShape, layer: Layer, source: Source): NamedTensor[] {
  switch (shape.type) {
    case "Dense":
      return denseWeights(shape, layer as Layer & { type: "Dense" }, source);
    case "Dropout":
      return [];
    case "BatchNormalization":
      return [
        ...filled(shape.gamma, 1),
        ...filled(shape.beta, 0),
        ...filled(shape.movingMean, 0),
        ...filled(shape.movingVariance, 1),
      ];
  }
}

function denseWeights(
  { kernel, bias }: DenseShape,
  { kernelInitializer, biasInitializer }: Layer & { type: "Dense" },
  { index, seed }: Source,
): NamedTensor[] {
  const stream = (tensor: "kernel" | "bias") => createRandom(deriveSeed(seed, "weights", index, tensor));
  const tensors = [named(kernel, initialize(kernelInitializer, kernel.shape, stream("kernel")))];
  if (bias !== undefined) tensors.push(named(bias, initialize(biasInitializer, bias.shape, stream("bias"))));
  return tensors;
}

function filled(tensor: TensorShape | undefined, value: number): NamedTensor[] {
  return tensor === undefined ? [] : [named(tensor, new Float32Array(sizeOf(tensor.shape)).fill(value))];
}

function named({ name, shape }: TensorShape, values: Float32Array): NamedTensor {
  return { name, shape, values };
}
