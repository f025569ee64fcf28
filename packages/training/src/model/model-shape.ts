import type {
  Activation,
  BatchNormalizationLayer,
  DenseLayer,
  Layer,
  Regularizer,
} from "@sintonia/tuning/plan/training-plan";
import type { ModelWeights } from "./tensor.js";

/** A plan that an engine cannot train, or weights or examples that do not fit a plan. */
export class ModelShapeError extends Error {
  override readonly name = "ModelShapeError";
}

/** Name and shape of one tensor of a model. */
export interface TensorShape {
  readonly name: string;
  readonly shape: readonly number[];
  /** True if the optimizer changes the tensor; false for moving averages. */
  readonly isTrained: boolean;
}

/**
 * A dense layer, activation(x · kernel + bias): kernel of shape (inputs, units), bias of shape
 * (units,).
 */
export interface DenseShape {
  readonly type: "Dense";
  readonly inputs: number;
  readonly units: number;
  readonly activation: Activation;
  readonly kernelRegularizer?: Regularizer;
  readonly kernel: TensorShape;
  readonly bias?: TensorShape;
}

/** A dropout layer. */
export interface DropoutShape {
  readonly type: "Dropout";
  readonly units: number;
  readonly rate: number;
}

/** A batch normalization layer. All its tensors have shape (units,). */
export interface BatchNormalizationShape {
  readonly type: "BatchNormalization";
  readonly units: number;
  readonly momentum: number;
  readonly epsilon: number;
  readonly gamma?: TensorShape;
  readonly beta?: TensorShape;
  readonly movingMean: TensorShape;
  readonly movingVariance: TensorShape;
}

/** A layer with all sizes. */
export type LayerShape = DenseShape | DropoutShape | BatchNormalizationShape;

/** A model with all sizes. The last layer is dense and has one unit for each output. */
export interface ModelShape {
  readonly features: number;
  readonly outputs: number;
  readonly layers: readonly LayerShape[];
  /**
   * In Keras' order: layer by layer; kernel, bias or gamma, beta, moving mean, moving variance.
   */
  readonly tensors: readonly TensorShape[];
}

/**
 * Derives the sizes and names of a model.
 *
 * @param features - number of inputs of the first layer
 * @throws {ModelShapeError} if the last layer is not dense
 */
export function modelShape(layers: readonly Layer[], features: number): ModelShape {
  const names = layerNames(layers);
  const shapes: LayerShape[] = [];
  let inputs = features;
  for (const [index, layer] of layers.entries()) {
    shapes.push(layerShape(layer, names[index] as string, inputs));
    if (layer.type === "Dense") inputs = layer.units;
  }
  if (layers.at(-1)?.type !== "Dense") throw new ModelShapeError("the last layer must be dense");
  return { features, outputs: inputs, layers: shapes, tensors: shapes.flatMap(tensorsOf) };
}

/**
 * Derives the sizes of a model from its weights.
 *
 * @throws {ModelShapeError} if layers and weights do not fit
 */
export function shapeOfWeights(layers: readonly Layer[], weights: ModelWeights): ModelShape {
  const [first] = weights;
  if (first === undefined) throw new ModelShapeError("the model has no weights");
  const shape = modelShape(layers, first.shape[0] as number);
  assertWeightsFit(shape, weights);
  return shape;
}

/** @throws {ModelShapeError} if names, shapes or numbers of values differ */
function assertWeightsFit({ tensors }: ModelShape, weights: ModelWeights): void {
  if (weights.length !== tensors.length) {
    throw new ModelShapeError(`the model has ${tensors.length} tensors, the weights have ${weights.length}`);
  }
  for (const [index, { name, shape }] of tensors.entries()) {
    const given = weights[index] as ModelWeights[number];
    if (given.name !== name || String(given.shape) !== String(shape)) {
      const found = `${given.name} of shape [${given.shape.join(", ")}]`;
      throw new ModelShapeError(`the model needs ${name} of shape [${shape.join(", ")}], the weights have ${found}`);
    }
    if (given.values.length !== sizeOf(shape)) {
      throw new ModelShapeError(`${name} has ${given.values.length} values, its shape needs ${sizeOf(shape)}`);
    }
  }
}

/**
 * Separates the activation of the last layer from the layers, because losses compute it
 * themselves.
 *
 * @returns the layers that compute the logits, the last one linear, and the activation after them
 */
export function logitLayers({ layers }: ModelShape): {
  readonly layers: readonly LayerShape[];
  readonly activation: Activation;
} {
  const last = layers.at(-1) as DenseShape;
  return { layers: [...layers.slice(0, -1), { ...last, activation: "linear" }], activation: last.activation };
}

/** Returns the number of values of a tensor. */
export function sizeOf(shape: readonly number[]): number {
  return shape.reduce((product, size) => product * size, 1);
}

const KERAS_NAMES: Readonly<Record<Layer["type"], string>> = {
  Dense: "dense",
  Dropout: "dropout",
  BatchNormalization: "batch_normalization",
};

/** Names the layers of a model as Keras does: dense, dense_1 and so on for each type. */
export function layerNames(layers: readonly Layer[]): string[] {
  const counts = new Map<string, number>();
  return layers.map(({ type }) => {
    const name = KERAS_NAMES[type];
    const count = counts.get(name) ?? 0;
    counts.set(name, count + 1);
    return count === 0 ? name : `${name}_${count}`;
  });
}

function layerShape(layer: Layer, name: string, inputs: number): LayerShape {
  switch (layer.type) {
    case "Dense":
      return denseShape(layer, name, inputs);
    case "Dropout":
      return { type: "Dropout", units: inputs, rate: layer.rate };
    case "BatchNormalization":
      return batchNormalizationShape(layer, name, inputs);
  }
}

function denseShape(layer: DenseLayer, name: string, inputs: number): DenseShape {
  const { units, activation, useBias, kernelRegularizer } = layer;
  return {
    type: "Dense",
    inputs,
    units,
    activation,
    ...(kernelRegularizer === undefined ? {} : { kernelRegularizer }),
    kernel: { name: `${name}/kernel`, shape: [inputs, units], isTrained: true },
    ...(useBias ? { bias: { name: `${name}/bias`, shape: [units], isTrained: true } } : {}),
  };
}

function batchNormalizationShape(layer: BatchNormalizationLayer, name: string, units: number): BatchNormalizationShape {
  const { momentum, epsilon, center, scale } = layer;
  const vector = (tensor: string, isTrained: boolean) => ({ name: `${name}/${tensor}`, shape: [units], isTrained });
  return {
    type: "BatchNormalization",
    units,
    momentum,
    epsilon,
    ...(scale ? { gamma: vector("gamma", true) } : {}),
    ...(center ? { beta: vector("beta", true) } : {}),
    movingMean: vector("moving_mean", false),
    movingVariance: vector("moving_variance", false),
  };
}

function tensorsOf(layer: LayerShape): TensorShape[] {
  const { kernel, bias, gamma, beta, movingMean, movingVariance } = layer as Partial<
    DenseShape & Omit<BatchNormalizationShape, "type">
  >;
  return [kernel, bias, gamma, beta, movingMean, movingVariance].filter((tensor) => tensor !== undefined);
}
