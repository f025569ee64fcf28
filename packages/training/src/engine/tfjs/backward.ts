import { activationOf, type ModelShape } from "../model-shape.js";
import type { ForwardPass, Loss } from "./forward.js";
import type { LayerTensors, Scalar, Tensor2D } from "./tensorflow.js";

/**
 * Computes the gradients of every layer's parameters.
 *
 * @param scale - factor on every gradient of the summed loss
 * @returns one entry for each layer, in the model's order
 */
export function backward(
  shape: ModelShape,
  layers: readonly LayerTensors[],
  { pass, loss, scale }: { readonly pass: ForwardPass; readonly loss: Loss; readonly scale: Scalar },
): LayerTensors[] {
  const gradients: LayerTensors[] = [];
  let delta: Tensor2D = loss.probabilities.sub(loss.oneHot).mul(scale);
  for (let index = layers.length - 1; index >= 0; index--) {
    const layerInput = pass.layerInputs[index] as Tensor2D;
    gradients.unshift({ kernel: layerInput.matMul(delta, true) as Tensor2D, bias: delta.sum(0) });
    if (index === 0) break;
    delta = delta.matMul((layers[index] as LayerTensors).kernel, false, true) as Tensor2D;
    if (activationOf(shape.layers[index - 1]) === "relu") delta = delta.mul(layerInput.step());
  }
  return gradients;
}
