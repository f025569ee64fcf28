import type { Activation } from "@sintonia/tuning/plan/training-plan";
import type { Examples, ModelWeights } from "./engine.js";
import { ModelShapeError } from "./engine-error.js";

/** One dense layer as engines and model files see it. */
export interface LayerShape {
  readonly inputs: number;
  readonly units: number;
  readonly activation: Activation;
}

/** Sizes of a classifier, first layer first; the last layer is a softmax over `classes`. */
export interface ModelShape {
  readonly features: number;
  readonly classes: number;
  readonly layers: readonly LayerShape[];
}

/** The part of a plan's layer that a model needs once it has weights. */
export interface LayerOutline {
  readonly units: number;
  readonly activation: Activation;
}

/**
 * Derives the sizes of a model from its layers and its weights.
 *
 * @throws {ModelShapeError} if they do not fit each other, or if softmax is not exactly the last layer's activation
 */
export function modelShape(layers: readonly LayerOutline[], weights: ModelWeights): ModelShape {
  if (layers.length === 0 || layers.length !== weights.length) {
    throw new ModelShapeError(`a model of ${layers.length} layers cannot take the weights of ${weights.length}`);
  }
  const shapes = layers.map((layer, index) => layerShape(layer, index, weights));
  const [first, last] = [shapes[0], shapes.at(-1)];
  if (first === undefined || last?.activation !== "softmax") {
    throw new ModelShapeError("the last layer's activation must be softmax");
  }
  return { features: first.inputs, classes: last.units, layers: shapes };
}

function layerShape(layer: LayerOutline, index: number, weights: ModelWeights): LayerShape {
  const given = weights[index];
  const previous = weights[index - 1];
  if (given === undefined || given.units !== layer.units || (previous && previous.units !== given.inputs)) {
    throw new ModelShapeError(`the weights of layer ${index} do not have the shape that the model asks for`);
  }
  if (given.kernel.length !== given.inputs * given.units || given.bias.length !== given.units) {
    throw new ModelShapeError(`the weights of layer ${index} hold another number of values than their shape says`);
  }
  if (layer.activation === "softmax" && index < weights.length - 1) {
    throw new ModelShapeError(`softmax is for the last layer only, and layer ${index} has it`);
  }
  return { inputs: given.inputs, units: given.units, activation: layer.activation };
}

/** @throws {ModelShapeError} if rows have another number of features than the model */
export function assertFits(shape: ModelShape, examples: Examples): void {
  if (examples.features !== shape.features) {
    throw new ModelShapeError(`examples have ${examples.features} features and the model takes ${shape.features}`);
  }
}
