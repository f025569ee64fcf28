import type { Tensor } from "@tensorflow/tfjs";
import { importLibrary } from "../engine/contract/library.js";
import type { TensorFlow } from "../engine/tfjs/tensorflow/tensorflow.js";
import { ModelFileError } from "./model-file-error.js";
import { type ModelInputs, type Outputs, outputsOf } from "./outputs.js";
import type { TfjsLayersModel } from "./tfjs-layers-model.js";

/**
 * Computes the outputs of a tfjs LayersModel with tfjs in JavaScript.
 *
 * @throws {ModelFileError} if the files are no such model, or the model has another input
 */
export async function runTfjsModel(files: TfjsLayersModel, { inputs, features }: ModelInputs): Promise<Outputs> {
  const tf = (await importLibrary("tfjs", "@tensorflow/tfjs", (name) => import(name))) as TensorFlow;
  tf.enableProdMode();
  await tf.setBackend("cpu");
  const model = await openModel(tf, files);
  const [, ...shape] = model.inputs[0]?.shape ?? [];
  try {
    return await outputsOf(inputs.length / features, async (start, end) => {
      const batch = inputs.subarray(start * features, end * features);
      return tf.tidy(() => {
        const input = tf.tensor(batch, [end - start, ...(shape as number[])]);
        return (model.predict(input) as Tensor).dataSync<"float32">();
      });
    });
  } catch (cause) {
    throw new ModelFileError(`the model does not take ${features} features: ${(cause as Error).message}`, { cause });
  } finally {
    model.dispose();
  }
}

async function openModel(tf: TensorFlow, { modelJson, weightsBin }: TfjsLayersModel) {
  try {
    const { modelTopology, weightsManifest } = JSON.parse(modelJson);
    const [{ weights: weightSpecs }] = weightsManifest;
    const weightData = Uint8Array.from(weightsBin).buffer;
    return await tf.loadLayersModel(tf.io.fromMemory({ modelTopology, weightSpecs, weightData }));
  } catch (cause) {
    throw new ModelFileError(`no model of TensorFlow.js: ${(cause as Error).message}`, { cause });
  }
}
