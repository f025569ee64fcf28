import type { ModelPlan } from "./training-plan.js";

/**
 * Returns the number of trainable parameters of a network: weights and biases of dense layers,
 * offsets and scales of batch normalizations, whose moving averages are not trained.
 *
 * @param features - inputs of the first layer
 */
export function parameterCount({ layers }: ModelPlan, features: number): number {
  let [units, count] = [features, 0];
  for (const layer of layers) {
    if (layer.type === "Dense") {
      count += (units + Number(layer.useBias)) * layer.units;
      units = layer.units;
    } else if (layer.type === "BatchNormalization") count += (Number(layer.center) + Number(layer.scale)) * units;
  }
  return count;
}
