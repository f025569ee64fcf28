import type { Layer } from "@sintonia/tuning/plan/training-plan";
import type { ModelWeights } from "../engine/engine.js";
import { activationOf, type DenseShape, layerNames, shapeOfWeights } from "../engine/model-shape.js";

/** The two files that tf.loadLayersModel reads. */
export interface TfjsLayersModel {
  /** Content of model.json, which refers to weights.bin beside it. */
  readonly modelJson: string;
  /** Content of weights.bin: kernel and bias of each layer, float32, little-endian. */
  readonly weightsBin: Uint8Array;
}

/**
 * Encodes a model as a tfjs LayersModel: a Sequential of Dense layers, in the layout of Keras 2 that tfjs reads.
 *
 * @throws {ModelShapeError} if layers and weights do not fit
 */
export function encodeTfjsLayersModel(weights: ModelWeights, layers: readonly Layer[]): TfjsLayersModel {
  const shape = shapeOfWeights(layers, weights);
  const names = layerNames(layers);
  const topology = shape.layers.map((layer, index) => ({
    class_name: "Dense",
    config: {
      name: names[index],
      trainable: true,
      dtype: "float32",
      units: (layer as DenseShape).units,
      activation: activationOf(layer),
      use_bias: true,
      ...(index === 0 ? { batch_input_shape: [null, shape.features] } : {}),
    },
  }));
  const manifest = weights.map(({ name, shape: dims }) => ({ name, shape: dims, dtype: "float32" }));
  const model = {
    format: "layers-model",
    generatedBy: "sintonia",
    convertedBy: null,
    modelTopology: {
      class_name: "Sequential",
      config: { name: "sequential", layers: topology },
      keras_version: "tfjs-layers 4.22.0",
      backend: "tensor_flow.js",
    },
    weightsManifest: [{ paths: ["weights.bin"], weights: manifest }],
  };
  return { modelJson: `${JSON.stringify(model, null, 2)}\n`, weightsBin: concatenated(weights) };
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
