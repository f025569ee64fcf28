import type { LossPlan } from "@sintonia/tuning/plan/training-plan";
import type { TensorFlow } from "../../tensorflow/tensorflow.js";
import { binaryCrossentropy } from "./binary-crossentropy.js";
import { categoricalCrossentropy } from "./categorical-crossentropy.js";
import { type Loss, type Prediction, weighted } from "./loss.js";
import { huber, meanAbsoluteError, meanSquaredError } from "./mean-error.js";

/** Computes the loss of a prediction. */
export function computeLoss(tf: TensorFlow, plan: LossPlan, prediction: Prediction): Loss {
  const loss = lossOf(tf, plan, prediction);
  return { ...loss, gradient: () => weighted(loss.gradient(), prediction) };
}

/** The engine's table of losses. Gradients are those of losses without weights. */
function lossOf(tf: TensorFlow, { type, delta = 1 }: LossPlan, prediction: Prediction): Loss {
  switch (type) {
    case "categorical_crossentropy":
    case "sparse_categorical_crossentropy":
      return categoricalCrossentropy(tf, prediction);
    case "binary_crossentropy":
      return binaryCrossentropy(tf, prediction);
    case "mean_squared_error":
      return meanSquaredError(tf, prediction);
    case "mean_absolute_error":
      return meanAbsoluteError(tf, prediction);
    case "huber":
      return huber(tf, prediction, delta);
  }
}
