import { activationOf, type ModelShape } from "../model-shape.js";
import type { LayerTensors, Scalar, Tensor1D, Tensor2D, TensorFlow } from "./tensorflow.js";

/** What the layers compute. */
export interface ForwardPass {
  /** Input of each layer; the first is the batch. */
  readonly layerInputs: readonly Tensor2D[];
  /** Outputs of the last layer before its softmax, shape (batch, classes). */
  readonly logits: Tensor2D;
}

/** What a batch measures. */
export interface Loss {
  readonly probabilities: Tensor2D;
  /** Shape (batch, classes), 1 at the label and 0 elsewhere. */
  readonly oneHot: Tensor2D;
  readonly lossSum: Scalar;
  readonly correct: Scalar;
}

/** Computes activation(x · kernel + bias) for every layer but the softmax at the end. */
export function forward(shape: ModelShape, inputs: Tensor2D, layers: readonly LayerTensors[]): ForwardPass {
  const layerInputs: Tensor2D[] = [];
  let value = inputs;
  for (const [index, { kernel, bias }] of layers.entries()) {
    layerInputs.push(value);
    value = value.matMul(kernel).add(bias);
    if (activationOf(shape.layers[index]) === "relu") value = value.relu();
  }
  return { layerInputs, logits: value };
}

/**
 * Computes categorical cross-entropy of softmax(logits), summed over the batch, and the count of examples whose first
 * largest probability is at the label. The logarithm is taken of the logits, unclipped, as TensorFlow does.
 */
export function loss(tf: TensorFlow, logits: Tensor2D, labels: Tensor1D): Loss {
  const [, classes] = logits.shape;
  const oneHot = tf.oneHot(labels, classes).toFloat() as Tensor2D;
  const logProbabilities = tf.logSoftmax(logits);
  const probabilities = tf.softmax(logits);
  const lossSum = oneHot.mul(logProbabilities).sum().neg() as Scalar;
  const correct = probabilities.argMax(1).equal(labels).sum() as Scalar;
  return { probabilities, oneHot, lossSum, correct };
}
