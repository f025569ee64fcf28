import type { Activation, Layer } from "@sintonia/tuning/plan/training-plan";
import { type LayerShape, layerNames, shapeOfWeights } from "../model/model-shape.js";
import type { ModelWeights } from "../model/tensor.js";

/** The two files that tf.loadLayersModel reads. */
export interface TfjsLayersModel {
  /** Content of model.json, which refers to weights.bin in the same folder. */
  readonly modelJson: string;
  /**
   * Content of weights.bin: the tensors in the order of `ModelShape.tensors`, float32,
   * little-endian.
   */
  readonly weightsBin: Uint8Array;
}

interface LayerEntry {
  readonly class_name: string;
  readonly config: Readonly<Record<string, unknown>>;
}

/**
 * Encodes a model as a tfjs LayersModel: a Sequential in the layout of Keras 2, which tfjs reads.
 *
 * @throws {ModelShapeError} if layers and weights do not fit
 */
export function encodeTfjsLayersModel(weights: ModelWeights, layers: readonly Layer[]): TfjsLayersModel {
  const shape = shapeOfWeights(layers, weights);
  const names = layerNames(layers);
  const [first, ...rest] = shape.layers.flatMap((layer, index) => entriesOf(layer, names[index] as string));
  const input = { ...first, config: { ...first?.config, batch_input_shape: [null, shape.features] } };
  const manifest = weights.map(({ name, shape: dims }) => ({ name, shape: dims, dtype: "float32" }));
  const model = {
    format: "layers-model",
    generatedBy: "sintonia",
    convertedBy: null,
    modelTopology: {
      class_name: "Sequential",
      config: { name: "sequential", layers: [input, ...rest] },
      keras_version: "tfjs-layers 4.22.0",
      backend: "tensor_flow.js",
    },
    weightsManifest: [{ paths: ["weights.bin"], weights: manifest }],
  };
  return { modelJson: `${JSON.stringify(model, null, 2)}\n`, weightsBin: concatenated(weights) };
}

/**
 * Returns the entry of one layer. LeakyReLU gets a second entry: in Keras 2 it is a layer, not an
 * activation.
 */
function entriesOf(layer: LayerShape, name: string): LayerEntry[] {
  switch (layer.type) {
    case "Dense": {
      const { units, activation, bias } = layer;
      const named = { units, activation: ACTIVATIONS[activation], use_bias: bias !== undefined };
      const dense = entry("Dense", name, named);
      if (activation !== "leaky_relu") return [dense];
      return [dense, entry("LeakyReLU", `${name}_leaky_re_lu`, { alpha: 0.2 })];
    }
    case "Dropout":
      return [entry("Dropout", name, { rate: layer.rate })];
    case "BatchNormalization": {
      const { momentum, epsilon, beta, gamma } = layer;
      const used = { center: beta !== undefined, scale: gamma !== undefined };
      return [entry("BatchNormalization", name, { axis: -1, momentum, epsilon, ...used })];
    }
  }
}

/** Keras 2's names of the activations of a dense layer. */
const ACTIVATIONS: Readonly<Record<Activation, string>> = {
  linear: "linear",
  relu: "relu",
  leaky_relu: "linear",
  elu: "elu",
  selu: "selu",
  gelu: "gelu",
  sigmoid: "sigmoid",
  tanh: "tanh",
  silu: "swish",
  softmax: "softmax",
};

function entry(type: string, name: string, config: LayerEntry["config"]): LayerEntry {
  return { class_name: type, config: { name, trainable: true, dtype: "float32", ...config } };
}

function concatenated(weights: ModelWeights): Uint8Array {
  const parts = weights.map(({ values }) => values);
  const values = new Float32Array(parts.reduce((length, part) => length + part.length, 0));
  let offset = 0;
  for (const part of parts) {
    values.set(part, offset);
    offset += part.length;
  }
  return new Uint8Array(values.buffer);
}
