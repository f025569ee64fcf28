import { readFileSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { encodeKerasModel } from "@sintonia/training/model-file/keras/keras-model";
import { decodeSafetensors } from "@sintonia/training/model-file/safetensors";
import { WEIGHTS_FILE } from "./download.js";

/** Name of the file that `keras.models.load_model` opens. */
export const KERAS_FILE = "model.keras";

/**
 * Writes the model of downloaded weights as a file for Keras 3.
 *
 * @param directory - holds the downloaded weights
 * @returns name of the file
 * @throws the file system's error
 */
export function writeKerasFile(directory: string): string {
  const { weights, layers } = decodeSafetensors(readFileSync(join(directory, WEIGHTS_FILE)));
  const path = join(directory, KERAS_FILE);
  writeFileSync(`${path}.part`, encodeKerasModel(weights, layers));
  renameSync(`${path}.part`, path);
  return KERAS_FILE;
}
