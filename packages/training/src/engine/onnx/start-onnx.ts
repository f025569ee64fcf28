import type { Engine } from "../contract/engine.js";
import type { EngineSettings } from "../contract/engine-settings.js";
import { importLibrary } from "../contract/library.js";
import { OnnxEngine } from "./onnx-engine.js";
import type { OnnxRuntime } from "./runtime.js";

/**
 * Loads onnxruntime-node, which costs about 60 MB, only now. Its builds report their use, and leave files in the temporary
 * folder, unless the environment of the process says otherwise before the first session.
 */
export async function startOnnxEngine({ threads, importModule }: EngineSettings): Promise<Engine> {
  process.env["ORT_DISABLE_TELEMETRY"] ??= "1";
  const runtime = (await importLibrary("onnx", "onnxruntime-node", importModule)) as OnnxRuntime;
  return new OnnxEngine(runtime, threads);
}
