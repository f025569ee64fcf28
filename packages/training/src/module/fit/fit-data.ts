import type { Tensor, Tensor2D } from "@tensorflow/tfjs";
import { type Examples, labelsOf } from "../../dataset/examples.js";
import type { TensorFlow } from "../../engine/tfjs/tensorflow/tensorflow.js";
import type { TrainingData } from "../../trial/trial.js";

/** The rows of one split as tensors. */
export interface FitRows {
  readonly count: number;
  /** Shape (count, ...input of the model). */
  readonly inputs: Tensor;
  /** One-hot classes or target values, shape (count, outputs). */
  readonly targets: Tensor2D;
}

/** The data that a module's `fit` gets as `dataset`. */
export interface FitData {
  readonly train: FitRows;
  readonly validation?: FitRows;
  /** Frees the tensors. */
  dispose(): void;
}

/** Creates the tensors of a trial's data. */
export function fitData(tf: TensorFlow, data: TrainingData, inputShape: readonly number[]): FitData {
  const train = rowsOf(tf, data.train, inputShape);
  const validation = data.validation === undefined ? undefined : rowsOf(tf, data.validation, inputShape);
  const tensors = [train, validation].flatMap((rows) => (rows === undefined ? [] : [rows.inputs, rows.targets]));
  return {
    train,
    ...(validation === undefined ? {} : { validation }),
    dispose: () => {
      for (const tensor of tensors) tensor.dispose();
    },
  };
}

function rowsOf(tf: TensorFlow, examples: Examples, inputShape: readonly number[]): FitRows {
  const { count, inputs } = examples;
  return {
    count,
    inputs: tf.tensor(inputs, [count, ...inputShape]),
    targets: tf.tidy(() => targetsOf(tf, examples)),
  };
}

function targetsOf(tf: TensorFlow, examples: Examples): Tensor2D {
  const { targets, count } = examples;
  if (targets.kind === "values") return tf.tensor2d(targets.values, [count, targets.width]);
  const labels = tf.tensor1d(Int32Array.from(labelsOf(examples)), "int32");
  return tf.oneHot(labels, targets.classes).toFloat() as Tensor2D;
}
