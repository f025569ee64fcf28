import type { DenseShape } from "../../../../model/model-shape.js";
import { type NamedTensors, type Tensor2D, type TensorFlow, tensorNamed } from "../../tensorflow/tensorflow.js";
import { activate, activationGradient } from "./activations.js";
import type { Layer, LayerGradients, LayerPass } from "./layer.js";

/**
 * A dense layer, y = activation(z) with z = x · kernel + bias. The network adds the penalties of
 * kernels.
 */
export class Dense implements Layer {
  readonly #tf: TensorFlow;
  readonly #shape: DenseShape;

  constructor(tf: TensorFlow, shape: DenseShape) {
    this.#tf = tf;
    this.#shape = shape;
  }

  infer(weights: NamedTensors, inputs: Tensor2D): Tensor2D {
    return activate(this.#tf, this.#shape.activation, this.#affine(weights, inputs));
  }

  train(weights: NamedTensors, inputs: Tensor2D): LayerPass {
    const { activation } = this.#shape;
    const z = this.#affine(weights, inputs);
    const outputs = activate(this.#tf, activation, z);
    return {
      outputs,
      movingAverages: {},
      backward: (delta) => {
        return this.#backward(weights, inputs, activationGradient(this.#tf, activation, { inputs: z, outputs, delta }));
      },
    };
  }

  /** Computes z. */
  #affine(weights: NamedTensors, inputs: Tensor2D): Tensor2D {
    const { kernel, bias } = this.#shape;
    const product = inputs.matMul(tensorNamed(weights, kernel.name)) as Tensor2D;
    return bias === undefined ? product : product.add(tensorNamed(weights, bias.name));
  }

  /** @param delta - gradient of the loss at z */
  #backward(weights: NamedTensors, inputs: Tensor2D, delta: Tensor2D): LayerGradients {
    const { kernel, bias } = this.#shape;
    return {
      weights: {
        [kernel.name]: inputs.matMul(delta, true),
        ...(bias === undefined ? {} : { [bias.name]: delta.sum(0) }),
      },
      inputs: () => delta.matMul(tensorNamed(weights, kernel.name), false, true) as Tensor2D,
    };
  }
}
