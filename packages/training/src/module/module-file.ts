import { lossSchema } from "@sintonia/tuning/plan/schema/loss";
import type { ModelWeights } from "../model/tensor.js";
import { ModelFileError } from "../model-file/model-file-error.js";
import { decodeTensorFile, encodeTensorFile } from "../model-file/tensor-file.js";
import type { TfjsLayersModel } from "../model-file/tfjs-layers-model.js";
import type { ModuleModelFacts } from "./train-module.js";

/** The content of the file of a module's model. */
export interface StoredModuleModel extends ModuleModelFacts {
  readonly weights: ModelWeights;
}

/** Format in the metadata. The files of built-in networks have another one. */
const FORMAT = "sintonia-layers-model";

/**
 * Encodes a model as a safetensors file: the weights under the names of tfjs, the layers in the
 * metadata. The same model gives the same bytes.
 */
export function encodeModuleModel({ weights, topology, loss }: StoredModuleModel): Uint8Array {
  const metadata = { format: FORMAT, topology: JSON.stringify(topology), loss: JSON.stringify(loss) };
  return encodeTensorFile(weights, metadata);
}

/**
 * Decodes what `encodeModuleModel` wrote.
 *
 * @throws {ModelFileError} if the file is incomplete, too long, or holds no model of a module
 */
export function decodeModuleModel(bytes: Uint8Array): StoredModuleModel {
  const { tensors: weights, metadata } = decodeTensorFile(bytes);
  if (metadata["format"] !== FORMAT) throw new ModelFileError("the file holds no model of a module");
  const loss = lossSchema.safeParse(parsed(metadata["loss"]));
  const topology = parsed(metadata["topology"]);
  if (!loss.success || typeof topology !== "object" || topology === null) {
    throw new ModelFileError("the metadata has no layers or no loss");
  }
  return { weights, topology, loss: loss.data };
}

/** Returns true for the bytes of a module's model, whether or not they are complete. */
export function isModuleModel(bytes: Uint8Array): boolean {
  try {
    return decodeTensorFile(bytes).metadata["format"] === FORMAT;
  } catch {
    return false;
  }
}

/** Encodes a model as the two files that tf.loadLayersModel reads. */
export function encodeLayersModel({ weights, topology }: StoredModuleModel): TfjsLayersModel {
  const manifest = weights.map(({ name, shape }) => ({ name, shape, dtype: "float32" }));
  const model = {
    format: "layers-model",
    generatedBy: "sintonia",
    convertedBy: null,
    modelTopology: topology,
    weightsManifest: [{ paths: ["weights.bin"], weights: manifest }],
  };
  const values = Buffer.concat(
    weights.map((tensor) => new Uint8Array(tensor.values.buffer, tensor.values.byteOffset, tensor.values.byteLength)),
  );
  return { modelJson: `${JSON.stringify(model, null, 2)}\n`, weightsBin: new Uint8Array(values) };
}

function parsed(text: string | undefined): unknown {
  try {
    return JSON.parse(text ?? "");
  } catch {
    return undefined;
  }
}
