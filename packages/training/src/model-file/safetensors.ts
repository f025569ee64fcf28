import { layerSchema } from "@sintonia/tuning/plan/schema/layer";
import type { Layer } from "@sintonia/tuning/plan/training-plan";
import { shapeOfWeights } from "../model/model-shape.js";
import type { ModelWeights } from "../model/tensor.js";
import { ModelFileError } from "./model-file-error.js";
import { decodeTensorFile, encodeTensorFile } from "./tensor-file.js";

/** The content of a model file. */
export interface StoredModel {
  readonly layers: readonly Layer[];
  readonly weights: ModelWeights;
}

/**
 * Encodes weights under Keras' names (dense/kernel, dense/bias, dense_1/kernel ...) and the layers
 * as JSON in the metadata. The same model gives the same bytes.
 *
 * @throws {ModelShapeError} if layers and weights do not fit
 */
export function encodeSafetensors(weights: ModelWeights, layers: readonly Layer[]): Uint8Array {
  shapeOfWeights(layers, weights);
  return encodeTensorFile(weights, { format: "sintonia", layers: JSON.stringify(layers) });
}

/**
 * Decodes what `encodeSafetensors` wrote.
 *
 * @throws {ModelFileError} if the file is incomplete, too long, or holds no model of known layers
 */
export function decodeSafetensors(bytes: Uint8Array): StoredModel {
  const { tensors: weights, metadata } = decodeTensorFile(bytes);
  const layers = readLayers(metadata["layers"]);
  try {
    shapeOfWeights(layers, weights);
  } catch (cause) {
    throw new ModelFileError(`layers and weights do not fit: ${(cause as Error).message}`, { cause });
  }
  return { layers, weights };
}

function readLayers(text: string | undefined): Layer[] {
  let list: unknown;
  try {
    list = JSON.parse(text ?? "");
  } catch (cause) {
    throw new ModelFileError("the metadata has no layers", { cause });
  }
  const layers = layerSchema.array().min(1).safeParse(list);
  if (!layers.success) throw new ModelFileError("the metadata has unknown layers");
  return layers.data;
}
