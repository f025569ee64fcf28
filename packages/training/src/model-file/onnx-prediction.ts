import { importLibrary } from "../engine/contract/library.js";
import { createSession, floatTensor, type OnnxRuntime } from "../engine/onnx/runtime.js";
import { ModelFileError } from "./model-file-error.js";
import { type ModelInputs, type Outputs, outputsOf } from "./outputs.js";

/**
 * Computes the outputs of a model that `encodeOnnxModel` encoded.
 *
 * @throws {ModelFileError} if the file is no such model, or has another number of features
 */
export async function runOnnxModel(model: Uint8Array, { inputs, features }: ModelInputs): Promise<Outputs> {
  const runtime = (await importLibrary("onnx", "onnxruntime-node", (name) => import(name))) as OnnxRuntime;
  const session = await createSession(runtime, model, { threads: 1 }).catch((cause: unknown) => {
    throw new ModelFileError(`no ONNX model: ${cause instanceof Error ? cause.message : String(cause)}`, { cause });
  });
  try {
    return await outputsOf(inputs.length / features, async (start, end) => {
      const batch = floatTensor(runtime, inputs.subarray(start * features, end * features), [end - start, features]);
      const { [session.outputNames[0] as string]: output } = await session.run({ x: batch });
      return output?.data as Float32Array;
    });
  } catch (cause) {
    throw new ModelFileError(`the model does not take ${features} features: ${(cause as Error).message}`, { cause });
  } finally {
    await session.release();
  }
}
