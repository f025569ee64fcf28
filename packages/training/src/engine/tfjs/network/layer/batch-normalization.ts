import type { BatchNormalizationShape, TensorShape } from "../../../../model/model-shape.js";
import {
  type NamedTensors,
  type Tensor,
  type Tensor2D,
  type TensorFlow,
  tensorNamed,
} from "../../tensorflow/tensorflow.js";
import type { Layer, LayerGradients, LayerPass } from "./layer.js";

/** What a batch was divided by. */
interface Normalized {
  /** Mean 0 and, epsilon aside, variance 1 in every unit. */
  readonly values: Tensor2D;
  /** 1 / sqrt(variance + epsilon) of every unit. */
  readonly scale: Tensor;
}

/** gamma (x - mean) / sqrt(variance + epsilon) + beta. */
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
    const normalized = { values: centered.mul<Tensor2D>(scale), scale };
    return {
      outputs: this.#affine(weights, normalized.values),
      moved: this.#moved(weights, mean, variance),
      backward: (delta) => this.#backward(weights, normalized, delta),
    };
  }

  #scale(variance: Tensor): Tensor {
    return this.#tf.rsqrt(variance.add(this.#shape.epsilon));
  }

  #affine(weights: NamedTensors, values: Tensor2D): Tensor2D {
    const { gamma, beta } = this.#shape;
    const scaled: Tensor2D = gamma === undefined ? values : values.mul(tensorNamed(weights, gamma.name));
    return beta === undefined ? scaled : scaled.add(tensorNamed(weights, beta.name));
  }

  #moved(weights: NamedTensors, mean: Tensor, variance: Tensor): NamedTensors {
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
   * Mean and variance depend on every row of the batch, which takes the gradient's mean and its part along the
   * normalized values off.
   *
   * @see Ioffe, Szegedy 2015, section 3
   */
  #backward(weights: NamedTensors, { values, scale }: Normalized, delta: Tensor2D): LayerGradients {
    const { gamma, beta } = this.#shape;
    const inputs = (): Tensor2D => {
      const inner: Tensor2D = gamma === undefined ? delta : delta.mul(tensorNamed(weights, gamma.name));
      const along = values.mul(inner.mul(values).mean(0));
      return inner.sub(inner.mean(0)).sub(along).mul(scale);
    };
    return {
      weights: {
        ...(gamma === undefined ? {} : { [gamma.name]: delta.mul(values).sum(0) }),
        ...(beta === undefined ? {} : { [beta.name]: delta.sum(0) }),
      },
      inputs,
    };
  }
}
