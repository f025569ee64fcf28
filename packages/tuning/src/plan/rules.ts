// What the parts of a plan demand of each other.

import type { Finding } from "../spec/problems.js";
import type { Activation, LossPlan, ModelPlan, TrainingPlan } from "./training-plan.js";

/** What the last layer has to be for a loss that is a likelihood of classes; other losses take any activation. */
const OUTPUT_ACTIVATIONS: Readonly<Partial<Record<LossPlan["type"], Activation>>> = {
  categorical_crossentropy: "softmax",
  sparse_categorical_crossentropy: "softmax",
  binary_crossentropy: "sigmoid",
};

/** Where valid parts do not fit together; empty if they do. */
export function ruleFindings({ model, training }: Pick<TrainingPlan, "model" | "training">): Finding[] {
  return [...outputFindings(model, training.loss), ...scheduleFindings(training)];
}

function outputFindings({ layers }: ModelPlan, loss: LossPlan): Finding[] {
  const last = layers.at(-1);
  const needed = OUTPUT_ACTIVATIONS[loss.type];
  if (last?.type !== "Dense" || needed === undefined || last.activation === needed) return [];
  const path = ["model", "layers", layers.length - 1, "activation"];
  return [{ path, received: last.activation, expected: `${needed} in the last layer, for the loss is ${loss.type}` }];
}

/** As in Keras, whose ReduceLROnPlateau cannot set a learning rate that a schedule computes. */
function scheduleFindings({ optimizer, callbacks }: TrainingPlan["training"]): Finding[] {
  if (typeof optimizer.learningRate === "number") return [];
  return callbacks.flatMap(({ type }, index) => {
    if (type !== "ReduceLROnPlateau") return [];
    const path = ["training", "callbacks", index, "type"];
    return [{ path, received: type, expected: "a callback that leaves the learning rate to its schedule" }];
  });
}
