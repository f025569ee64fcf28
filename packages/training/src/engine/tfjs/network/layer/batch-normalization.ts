import type { BatchNormalizationShape, TensorShape } from "../../../../model/model-shape.js";
import {
  type NamedTensors,
  type Tensor,
  type Tensor2D,
  type TensorFlow,
  tensorNamed,
} from "../../tensorflow/tensorflow.js";
import type { Layer, LayerGradients, LayerPass } from "./layer.js";

/** The standardized inputs of a batch. */
interface Standardized {
  /** z = (x - mean) / sqrt(variance + epsilon), shape (batch, units). */
  readonly z: Tensor2D;
  /** 1 / sqrt(variance + epsilon), shape (units,). */
  readonly scale: Tensor;
}

/**
 * Batch normalization, y = gamma z + beta with z = (x - mean) / sqrt(variance + epsilon).
 *
 * @see Ioffe, Szegedy 2015, algorithms 1 and 2
 */
export class BatchNormalization implements Layer {
  readonly #tf: TensorFlow;
  readonly #shape: BatchNormalizationShape;

  constructor(tf: TensorFlow, shape: BatchNormalizationShape) {
    this.#tf = tf;
    this.#shape = shape;
  }

  infer(weights: NamedTensors, inputs: Tensor2D): Tensor2D {
    const { movingMean, movingVariance } = this.#shape;
    const centered: Tensor2D = inputs.sub(tensorNamed(weights, movingMean.name));
    return this.#affine(weights, centered.mul(this.#scale(tensorNamed(weights, movingVariance.name))));
  }

  train(weights: NamedTensors, inputs: Tensor2D): LayerPass {
    const mean = inputs.mean(0);
    const centered: Tensor2D = inputs.sub(mean);
    const variance = centered.square().mean(0);
    const scale = this.#scale(variance);
    const standardized = { z: centered.mul<Tensor2D>(scale), scale };
    return {
      outputs: this.#affine(weights, standardized.z),
      movingAverages: this.#movingAverages(weights, mean, variance),
      backward: (delta) => this.#backward(weights, standardized, delta),
    };
  }

  #scale(variance: Tensor): Tensor {
    return this.#tf.rsqrt(variance.add(this.#shape.epsilon));
  }

  #affine(weights: NamedTensors, z: Tensor2D): Tensor2D {
    const { gamma, beta } = this.#shape;
    const scaled: Tensor2D = gamma === undefined ? z : z.mul(tensorNamed(weights, gamma.name));
    return beta === undefined ? scaled : scaled.add(tensorNamed(weights, beta.name));
  }

  #movingAverages(weights: NamedTensors, mean: Tensor, variance: Tensor): NamedTensors {
    const { momentum, movingMean, movingVariance } = this.#shape;
    const next = ({ name }: TensorShape, batch: Tensor): Tensor =>
      tensorNamed(weights, name)
        .mul(momentum)
        .add(batch.mul(1 - momentum));
    return {
      [movingMean.name]: next(movingMean, mean),
      [movingVariance.name]: next(movingVariance, variance),
    };
  }

  /**
   * Computes the gradient at x, scale (g - mean(g) - z mean(g z)) with g = gamma delta. The two
   * means appear because mean and variance of the batch depend on every row.
   *
   * @see Ioffe, Szegedy 2015, section 3
   */
  #backward(weights: NamedTensors, { z, scale }: Standardized, delta: Tensor2D): LayerGradients {
    const { gamma, beta } = this.#shape;
    const inputs = (): Tensor2D => {
      const g: Tensor2D = gamma === undefined ? delta : delta.mul(tensorNamed(weights, gamma.name));
      return g
        .sub(g.mean(0))
        .sub(z.mul(g.mul(z).mean(0)))
        .mul(scale);
    };
    return {
      weights: {
        ...(gamma === undefined ? {} : { [gamma.name]: delta.mul(z).sum(0) }),
        ...(beta === undefined ? {} : { [beta.name]: delta.sum(0) }),
      },
      inputs,
    };
  }
}
