import type { Examples } from "../dataset/examples.js";
import { type ModelShape, ModelShapeError } from "./model-shape.js";

/** The form of the rows that a loss reads. An engine compiles one graph for each form. */
export interface ExampleForm {
  readonly targets: TargetForm;
  /** True if each row has a weight in the loss. */
  readonly isWeighted: boolean;
}

/**
 * The relation of a row's target and outputs. `one-hot`: one output for each class. `binary`: the
 * only output is the probability of class 1 of two. `values`: one output for each number.
 */
export type TargetForm = "one-hot" | "binary" | "values";

type Sizes = Pick<ModelShape, "features" | "outputs">;

/**
 * Returns the form of examples for a model.
 *
 * @throws {ModelShapeError} if the model has other numbers of features or outputs
 */
export function exampleForm(shape: Sizes, examples: Examples): ExampleForm {
  assertFeatures(shape, examples);
  return { targets: targetForm(shape, examples), isWeighted: examples.weights !== undefined };
}

/** Returns true if one graph serves both forms. */
export function isSameForm(a: ExampleForm, b: ExampleForm): boolean {
  return a.targets === b.targets && a.isWeighted === b.isWeighted;
}

/** @throws {ModelShapeError} if examples and model have different numbers of features */
export function assertFeatures(shape: Sizes, { features }: Examples): void {
  if (features === shape.features) return;
  throw new ModelShapeError(`examples have ${features} features, the model needs ${shape.features}`);
}

function targetForm({ outputs }: Sizes, { targets }: Examples): TargetForm {
  if (targets.kind === "values") {
    if (targets.width === outputs) return "values";
    throw new ModelShapeError(`examples have ${targets.width} target values, the model has ${outputs} outputs`);
  }
  if (outputs === 1 && targets.classes === 2) return "binary";
  if (targets.classes <= outputs) return "one-hot";
  throw new ModelShapeError(`examples have ${targets.classes} classes, the model has ${outputs} outputs`);
}
