import type { Layer } from "@sintonia/tuning/plan/training-plan";
import {
  type LayerShape,
  layerNames,
  type ModelShape,
  shapeOfWeights,
  type TensorShape,
} from "../../model/model-shape.js";
import type { ModelWeights } from "../../model/tensor.js";
import { encodeHdf5, type Hdf5DataSet, type Hdf5Group } from "./hdf5-file.js";
import { encodeZip } from "./zip-file.js";

/** The oldest version of Keras that defines every layer and argument as the files need them. */
const KERAS_VERSION = "3.0.0";

/** An object in the form of keras.saving.serialize_keras_object. */
interface SerializedObject {
  readonly module: string;
  readonly class_name: string;
  readonly config: Readonly<Record<string, unknown>>;
  readonly registered_name: string | null;
  readonly build_config?: { readonly input_shape: readonly (number | null)[] };
}

/**
 * Encodes a model as a file `.keras`, which `keras.models.load_model` of Keras 3 opens: a
 * Sequential with the weights, not compiled. The same model gives the same bytes.
 *
 * @throws {ModelShapeError} if layers and weights do not fit
 */
export function encodeKerasModel(weights: ModelWeights, layers: readonly Layer[]): Uint8Array {
  const shape = shapeOfWeights(layers, weights);
  const json = (value: object): Uint8Array => new TextEncoder().encode(JSON.stringify(value));
  return encodeZip([
    // Keras requires a date. A fixed one keeps the bytes equal.
    { name: "metadata.json", bytes: json({ keras_version: KERAS_VERSION, date_saved: "1980-01-01@00:00:00" }) },
    { name: "config.json", bytes: json(sequential(shape, layerNames(layers))) },
    // The group `vars` holds weights of the model itself: none, but Keras 3.0 asks for it.
    { name: "model.weights.h5", bytes: encodeHdf5({ layers: weightGroups(shape, weights), vars: {} }) },
  ]);
}

function sequential({ features, layers }: ModelShape, names: readonly string[]): SerializedObject {
  const input = { batch_shape: [null, features], dtype: "float32", name: "input_layer" };
  const entries = [keras("keras.layers", "InputLayer", input)];
  let inputs = features;
  for (const [i, layer] of layers.entries()) {
    const config = { name: names[i], trainable: true, dtype: "float32", ...layerConfig(layer) };
    const serialized = keras("keras.layers", layer.type, config);
    entries.push({ ...serialized, build_config: { input_shape: [null, inputs] } });
    if (layer.type === "Dense") inputs = layer.units;
  }
  const config = { name: "sequential", trainable: true, dtype: "float32", layers: entries };
  return keras("keras", "Sequential", config);
}

function keras(module: string, className: string, config: SerializedObject["config"]): SerializedObject {
  return { module, class_name: className, config, registered_name: null };
}

function layerConfig(layer: LayerShape): Readonly<Record<string, unknown>> {
  switch (layer.type) {
    case "Dense":
      return { units: layer.units, activation: layer.activation, use_bias: layer.bias !== undefined };
    case "Dropout":
      return { rate: layer.rate };
    case "BatchNormalization": {
      const { momentum, epsilon, beta, gamma } = layer;
      return { axis: -1, momentum, epsilon, center: beta !== undefined, scale: gamma !== undefined };
    }
  }
}

/**
 * Returns the groups of the layers' weights. Keras names a group after the class of its layer in
 * snake case, and numbers the layers of one class: dense, dense_1 ...
 */
function weightGroups({ layers }: ModelShape, weights: ModelWeights): Hdf5Group {
  const tensors = new Map(weights.map((tensor) => [tensor.name, tensor]));
  const counts = new Map<string, number>();
  const groups: Record<string, Hdf5Group> = {};
  for (const layer of layers) {
    const className = layer.type.replace(/(?<=[a-z])(?=[A-Z])/g, "_").toLowerCase();
    const count = counts.get(className) ?? 0;
    counts.set(className, count + 1);
    const values = tensorsOf(layer).map(({ name }, i): [string, Hdf5DataSet] => {
      const { shape, values } = tensors.get(name) as ModelWeights[number];
      return [String(i), { shape, values }];
    });
    groups[count === 0 ? className : `${className}_${count}`] = { vars: Object.fromEntries(values) };
  }
  return groups;
}

/** Returns the tensors of a layer in Keras' order. */
function tensorsOf(layer: LayerShape): readonly TensorShape[] {
  switch (layer.type) {
    case "Dense":
      return [layer.kernel, layer.bias].filter((tensor) => tensor !== undefined);
    case "Dropout":
      return [];
    case "BatchNormalization": {
      const { gamma, beta, movingMean, movingVariance } = layer;
      return [gamma, beta, movingMean, movingVariance].filter((tensor) => tensor !== undefined);
    }
  }
}
