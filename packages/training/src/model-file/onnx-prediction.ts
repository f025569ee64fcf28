import { importLibrary } from "../engine/contract/library.js";
import { createSession, floatTensor, type OnnxRuntime } from "../engine/onnx/runtime.js";
import { ModelFileError } from "./model-file-error.js";

/** Rows that are computed at a time. */
const BATCH_ROWS = 4_096;

/** The outputs of a model. */
export interface Outputs {
  /** Shape (count, width), row-major. */
  readonly values: Float32Array;
  readonly width: number;
}

/**
 * Computes the outputs of a model that `encodeOnnxModel` encoded.
 *
 * @param inputs - shape (count, features), row-major
 * @throws {ModelFileError} if the file is no such model, or has another number of features
 */
export async function runOnnxModel(
  model: Uint8Array,
  { inputs, features }: { readonly inputs: Float32Array; readonly features: number },
): Promise<Outputs> {
  const runtime = (await importLibrary("onnx", "onnxruntime-node", (name) => import(name))) as OnnxRuntime;
  const session = await createSession(runtime, model, { threads: 1 }).catch((cause: unknown) => {
    throw new ModelFileError(`no ONNX model: ${cause instanceof Error ? cause.message : String(cause)}`, { cause });
  });
  try {
    return await runBatches(inputs.length / features, async (start, end) => {
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

async function runBatches(count: number, run: (start: number, end: number) => Promise<Float32Array>): Promise<Outputs> {
  const parts: Float32Array[] = [];
  for (let start = 0; start < count; start += BATCH_ROWS) {
    parts.push(Float32Array.from(await run(start, Math.min(count, start + BATCH_ROWS))));
  }
  const values = new Float32Array(parts.reduce((sum, part) => sum + part.length, 0));
  let offset = 0;
  for (const part of parts) {
    values.set(part, offset);
    offset += part.length;
  }
  return { values, width: count === 0 ? 0 : values.length / count };
}
