import type { Activation } from "@sintonia/tuning/plan/training-plan";
import type { DenseWeights, ModelWeights } from "../engine/engine.js";
import { type LayerOutline, modelShape } from "../engine/model-shape.js";
import { parameterNames } from "../engine/parameter-names.js";
import { ModelFileError } from "./model-file-error.js";
import { readHeader, type TensorEntry } from "./safetensors-header.js";

// The safetensors format: eight bytes with the length of a JSON header, the header, then the values of all tensors,
// little-endian. See https://github.com/huggingface/safetensors.

/** A model as its file holds it: enough to rebuild it. */
export interface StoredModel {
  readonly layers: readonly LayerOutline[];
  readonly weights: ModelWeights;
}

/** Values start at a multiple of this many bytes, as the format recommends. */
const ALIGNMENT = 8;

/**
 * Encodes weights under Keras' names, dense/kernel, dense/bias, dense_1/kernel and so on, with the activations beside
 * them. The same model gives the same bytes.
 *
 * @throws {ModelShapeError} if layers and weights do not fit
 */
export function encodeSafetensors(weights: ModelWeights, layers: readonly LayerOutline[]): Uint8Array {
  const { layers: shapes } = modelShape(layers, weights);
  const tensors = namedTensors(weights);
  const activations = JSON.stringify(shapes.map(({ activation }) => activation));
  const header: Record<string, unknown> = { __metadata__: { format: "sintonia", activations } };
  let offset = 0;
  for (const { name, shape, values } of tensors) {
    header[name] = { dtype: "F32", shape, data_offsets: [offset, offset + values.byteLength] };
    offset += values.byteLength;
  }
  const text = JSON.stringify(header);
  const json = new TextEncoder().encode(text.padEnd(Math.ceil(text.length / ALIGNMENT) * ALIGNMENT));
  const bytes = new Uint8Array(8 + json.length + offset);
  new DataView(bytes.buffer).setBigUint64(0, BigInt(json.length), true);
  bytes.set(json, 8);
  writeValues(bytes.subarray(8 + json.length), tensors);
  return bytes;
}

interface NamedTensor {
  readonly name: string;
  readonly shape: readonly number[];
  readonly values: Float32Array;
}

function namedTensors(weights: ModelWeights): NamedTensor[] {
  return parameterNames(weights.length).flatMap((names, index) => {
    const { inputs, units, kernel, bias } = weights[index] as DenseWeights;
    return [
      { name: names.kernel, shape: [inputs, units], values: kernel },
      { name: names.bias, shape: [units], values: bias },
    ];
  });
}

function writeValues(bytes: Uint8Array, tensors: readonly NamedTensor[]): void {
  let offset = 0;
  for (const { values } of tensors) {
    bytes.set(new Uint8Array(values.buffer, values.byteOffset, values.byteLength), offset);
    offset += values.byteLength;
  }
}

/**
 * Decodes what `encodeSafetensors` wrote.
 *
 * @throws {ModelFileError} if the file is cut short, longer than it says, or not a dense classifier
 */
export function decodeSafetensors(bytes: Uint8Array): StoredModel {
  const { tensors, metadata, values } = readHeader(bytes);
  const activations = readActivations(metadata["activations"]);
  const names = parameterNames(activations.length);
  if (tensors.size !== 2 * names.length) {
    throw new ModelFileError(`${tensors.size} tensors do not make ${names.length} dense layers`);
  }
  const weights = names.map(({ kernel, bias }) => readLayer(tensors, values, { kernel, bias }));
  const layers = weights.map(({ units }, index) => ({ units, activation: activations[index] as Activation }));
  try {
    modelShape(layers, weights);
  } catch (cause) {
    throw new ModelFileError(`the layers do not fit: ${(cause as Error).message}`, { cause });
  }
  return { layers, weights };
}

function readActivations(text: string | undefined): Activation[] {
  const isActivation = (value: unknown): value is Activation =>
    value === "relu" || value === "softmax" || value === "linear";
  let list: unknown;
  try {
    list = JSON.parse(text ?? "");
  } catch (cause) {
    throw new ModelFileError("the metadata does not tell the activations", { cause });
  }
  if (!Array.isArray(list) || list.length === 0 || !list.every(isActivation)) {
    throw new ModelFileError("the metadata does not tell activations that are known");
  }
  return list;
}

function readLayer(
  tensors: ReadonlyMap<string, TensorEntry>,
  values: Uint8Array,
  names: { readonly kernel: string; readonly bias: string },
): DenseWeights {
  const [kernel, bias] = [tensors.get(names.kernel), tensors.get(names.bias)];
  const [inputs, units] = kernel?.shape ?? [];
  const shapesFit = kernel?.shape.length === 2 && bias?.shape.length === 1 && bias.shape[0] === units;
  if (!shapesFit || inputs === undefined || units === undefined) {
    throw new ModelFileError(`${names.kernel} and ${names.bias} are not a dense layer`);
  }
  return { inputs, units, kernel: floats(values, kernel), bias: floats(values, bias) };
}

/** Copies, since the file's memory may be aligned to bytes only. */
function floats(values: Uint8Array, { start, end }: TensorEntry): Float32Array {
  return new Float32Array(values.slice(start, end).buffer);
}
