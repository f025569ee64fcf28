import type { Activation, LossPlan } from "@sintonia/tuning/plan/training-plan";
import type { Scalar, Tensor1D, Tensor2D, TensorFlow } from "../../tensorflow/tensorflow.js";
import { activate, activationGradient } from "../layer/activations.js";

// With sums z of the last layer, outputs y = activation(z) and targets t, all of shape (batch, classes). The likelihoods
// of classes are computed from z, which no output that is rounded to 0 or 1 can spoil.

/** What the last layer gave and should have given. */
export interface Outcome {
  readonly sums: Tensor2D;
  readonly outputs: Tensor2D;
  readonly activation: Activation;
  readonly targets: Tensor2D;
}

/** The loss of a batch. */
export interface Loss {
  /** Of all examples. */
  readonly sum: Scalar;
  /** Computes the gradient of the sum at the last layer's sums. */
  gradient(): Tensor2D;
}

/** Computes what the last layer gave and should have given. */
export function outcomeOf(
  tf: TensorFlow,
  loss: LossPlan,
  { sums, activation, labels }: { readonly sums: Tensor2D; readonly activation: Activation; readonly labels: Tensor1D },
): Outcome {
  return {
    sums,
    outputs: activate(tf, activation, sums),
    activation,
    targets: targetsOf(tf, loss, { labels, classes: sums.shape[1] }),
  };
}

export function lossOf(tf: TensorFlow, { type }: LossPlan, outcome: Outcome): Loss {
  switch (type) {
    case "categorical_crossentropy":
    case "sparse_categorical_crossentropy":
      return categoricalCrossEntropy(tf, outcome);
    case "binary_crossentropy":
      return binaryCrossEntropy(tf, outcome);
    case "mean_squared_error":
    case "mean_absolute_error":
      return meanError(tf, type, outcome);
  }
}

/** 1 at the class and 0 elsewhere; smoothed, a share of it goes to all classes, or to both values of each class. */
function targetsOf(
  tf: TensorFlow,
  { type, labelSmoothing }: LossPlan,
  { labels, classes }: { readonly labels: Tensor1D; readonly classes: number },
): Tensor2D {
  const oneHot = tf.oneHot(labels, classes).toFloat() as Tensor2D;
  if (labelSmoothing === 0) return oneHot;
  const share = type === "binary_crossentropy" ? labelSmoothing / 2 : labelSmoothing / classes;
  return oneHot.mul(1 - labelSmoothing).add(share);
}

/** The outputs are softmax(z). */
function categoricalCrossEntropy(tf: TensorFlow, { sums, outputs, targets }: Outcome): Loss {
  return {
    sum: targets.mul(tf.logSoftmax(sums)).sum().neg() as Scalar,
    gradient: () => outputs.sub(targets),
  };
}

/** The outputs are sigmoid(z): max(z, 0) - z t + log(1 + exp(-|z|)), averaged over the classes. */
function binaryCrossEntropy(tf: TensorFlow, { sums, outputs, targets }: Outcome): Loss {
  const [, classes] = sums.shape;
  const losses = tf.relu(sums).sub(sums.mul(targets)).add(tf.softplus(sums.abs().neg()));
  return {
    sum: losses.sum().div(classes) as Scalar,
    gradient: () => outputs.sub(targets).div(classes),
  };
}

/** Squares or absolute values of y - t, averaged over the classes. */
function meanError(
  tf: TensorFlow,
  type: "mean_squared_error" | "mean_absolute_error",
  { sums, outputs, activation, targets }: Outcome,
): Loss {
  const [, classes] = sums.shape;
  const errors: Tensor2D = outputs.sub(targets);
  const isSquared = type === "mean_squared_error";
  return {
    sum: (isSquared ? errors.square() : errors.abs()).sum().div(classes) as Scalar,
    gradient: () => {
      const delta: Tensor2D = isSquared ? errors.mul(2 / classes) : errors.sign().div(classes);
      return activationGradient(tf, activation, { sums, outputs, delta });
    },
  };
}
