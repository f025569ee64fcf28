import type { AdamPlan, TrainingPlan } from "@sintonia/tuning/plan/training-plan";
import { ModelShapeError } from "./engine-error.js";

/** @throws {ModelShapeError} if the plan asks for more than dense layers, Adam and categorical cross-entropy */
export function assertSupported({ model, training }: TrainingPlan): AdamPlan {
  const isKnown = model.layers.every(
    (layer) => layer.type === "Dense" && layer.useBias && ["relu", "linear", "softmax"].includes(layer.activation),
  );
  const { optimizer, loss } = training;
  if (!isKnown || !loss.type.endsWith("categorical_crossentropy") || optimizer.type !== "adam") {
    throw new ModelShapeError("this engine trains dense layers with Adam and categorical cross-entropy only");
  }
  return optimizer;
}
