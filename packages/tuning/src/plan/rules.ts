// The rules between the parts of a plan.

import type { Finding } from "../validation/problems.js";
import { type DataFacts, fitFindings } from "./fit.js";
import { knownFacts } from "./known-facts.js";
import type { ModulePlan } from "./module-plan.js";
import type { Activation, LossPlan, ModelPlan, TrainingPlan } from "./training-plan.js";

/**
 * The activation of the last layer that a likelihood of classes requires. Other losses accept any
 * activation.
 */
const OUTPUT_ACTIVATIONS: Readonly<Partial<Record<LossPlan["type"], Activation>>> = {
  categorical_crossentropy: "softmax",
  sparse_categorical_crossentropy: "softmax",
  binary_crossentropy: "sigmoid",
};

/**
 * Upper limit of numbers per weight: the weight, its gradient, and three slots of the optimizer.
 */
const NUMBERS_PER_WEIGHT = 5;
/**
 * Upper limit of float32 numbers that training keeps between steps: just below 4 GiB, the largest
 * memory of the onnx engine. The limit is the same for all engines, so that each accepts every
 * plan.
 */
const NUMBERS_MAX = 2 ** 30 - 2 ** 20;

/** The parts of a plan. Rules about a missing part do not apply. */
export interface PlanParts
  extends Pick<TrainingPlan, "model" | "training">,
    Partial<Pick<TrainingPlan, "dataset" | "objective" | "outcomes">> {
  /** The facts about data that were read. @default those that `dataset` says */
  readonly facts?: DataFacts;
}

/** Returns findings where valid parts do not fit together. */
export function ruleFindings(parts: PlanParts): Finding[] {
  const { model, training, dataset } = parts;
  const facts = parts.facts ?? (dataset === undefined ? undefined : knownFacts(dataset));
  return [
    // A loss for classes is wrong as such for a regression.
    ...(facts?.task === "regression" ? [] : outputFindings(model, training.loss)),
    ...sizeFindings(model, { features: facts?.features ?? 1, batchSize: training.batchSize }),
    ...scheduleFindings(training),
    ...(facts === undefined ? [] : fitFindings(parts, facts)),
  ];
}

/** Returns findings where valid parts of a module's plan do not fit together. */
export function moduleRuleFindings(
  parts: Pick<ModulePlan, "training"> &
    Partial<Pick<ModulePlan, "dataset" | "objective" | "outcomes">> &
    Pick<PlanParts, "facts">,
): Finding[] {
  const { training, dataset } = parts;
  const facts = parts.facts ?? (dataset === undefined ? undefined : knownFacts(dataset));
  const { objective, outcomes } = parts;
  const fitted = { training, ...(objective === undefined ? {} : { objective }), ...(outcomes && { outcomes }) };
  return [...scheduleFindings(training), ...(facts === undefined ? [] : fitFindings(fitted, facts))];
}

function outputFindings({ layers }: ModelPlan, loss: LossPlan): Finding[] {
  const last = layers.at(-1);
  const needed = OUTPUT_ACTIVATIONS[loss.type];
  if (last?.type !== "Dense" || needed === undefined || last.activation === needed) return [];
  const path = ["model", "layers", layers.length - 1, "activation"];
  return [{ path, received: last.activation, expected: `${needed} in the last layer, for the loss is ${loss.type}` }];
}

/** Finds layers whose weights and dropout masks need more memory than an engine has. */
function sizeFindings(
  { layers }: ModelPlan,
  { features, batchSize }: { readonly features: number; readonly batchSize: number },
): Finding[] {
  let [units, weights, masks] = [features, 0, 0];
  for (const layer of layers) {
    if (layer.type === "Dense") {
      weights += (units + 1) * layer.units;
      units = layer.units;
    } else if (layer.type === "Dropout") masks += batchSize * units;
    else weights += 4 * units;
  }
  if (NUMBERS_PER_WEIGHT * weights + masks <= NUMBERS_MAX) return [];
  const received = `${weights} weights and ${masks} values of dropout masks`;
  const limit = `below ${NUMBERS_MAX}, 4 GiB, for every engine`;
  const expected = `layers with five times their weights and the masks of a batch ${limit}`;
  return [{ path: ["model", "layers"], received, expected }];
}

/**
 * Refuses ReduceLROnPlateau together with a schedule, as Keras does: the schedule computes the
 * learning rate.
 */
function scheduleFindings({ optimizer, callbacks }: ModulePlan["training"]): Finding[] {
  if (optimizer === undefined || typeof optimizer.learningRate === "number") return [];
  return callbacks.flatMap(({ type }, index) => {
    if (type !== "ReduceLROnPlateau") return [];
    const path = ["training", "callbacks", index, "type"];
    return [{ path, received: type, expected: "a callback that leaves the learning rate to its schedule" }];
  });
}
