import { fillDropoutMask } from "../../../../model/dropout-mask.js";
import type { DropoutShape } from "../../../../model/model-shape.js";
import type { NamedTensors, Tensor2D, TensorFlow } from "../../tensorflow/tensorflow.js";
import type { Layer, LayerPass, MaskSource } from "./layer.js";

/**
 * Dropout: multiplies its inputs by a random mask in training, and passes them on unchanged in
 * inference.
 */
export class Dropout implements Layer {
  readonly #tf: TensorFlow;
  readonly #rate: number;
  readonly #source: MaskSource;

  constructor(tf: TensorFlow, { rate }: DropoutShape, source: MaskSource) {
    this.#tf = tf;
    this.#rate = rate;
    this.#source = source;
  }

  infer(_: NamedTensors, inputs: Tensor2D): Tensor2D {
    return inputs;
  }

  train(_: NamedTensors, inputs: Tensor2D, step: number): LayerPass {
    const mask = this.#mask(inputs.shape, step);
    return {
      outputs: inputs.mul(mask),
      movingAverages: {},
      backward: (delta) => ({ weights: {}, inputs: () => delta.mul(mask) }),
    };
  }

  #mask([batch, units]: readonly [number, number], step: number): Tensor2D {
    const values = new Float32Array(batch * units);
    fillDropoutMask(values, this.#rate, { ...this.#source, step });
    return this.#tf.tensor2d(values, [batch, units]);
  }
}
