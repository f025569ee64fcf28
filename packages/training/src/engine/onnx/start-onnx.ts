import type { Engine } from "../engine.js";
import { importLibrary, type LibraryOptions } from "../library.js";
import { OnnxEngine } from "./onnx-engine.js";
import type { OnnxRuntime } from "./runtime.js";

/** Loads onnxruntime-node, which costs about 60 MB, only now. */
export async function startOnnxEngine({ threads, importModule }: LibraryOptions): Promise<Engine> {
  const runtime = (await importLibrary("onnx", "onnxruntime-node", importModule)) as OnnxRuntime;
  return new OnnxEngine(runtime, threads);
}
