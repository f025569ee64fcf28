import type { TrainingPlan } from "@sintonia/tuning/plan/training-plan";
import { shapeOfWeights } from "../../model/model-shape.js";
import type { Engine, EngineSession, SessionStart } from "../contract/engine.js";
import type { EngineSettings } from "../contract/engine-settings.js";
import { importLibrary } from "../contract/library.js";
import { OnnxSession } from "./onnx-session.js";
import type { OnnxRuntime } from "./runtime.js";

/**
 * Starts the engine. The library, about 60 MB of memory, is loaded only here.
 *
 * Some builds of ONNX Runtime send usage reports and leave files in the temporary folder, unless
 * the environment variable forbids it before the first session.
 *
 * @throws {EngineUnavailableError} if the library does not load
 */
export async function startOnnxEngine({ threads, importModule }: EngineSettings): Promise<Engine> {
  process.env["ORT_DISABLE_TELEMETRY"] ??= "1";
  const runtime = (await importLibrary("onnx", "onnxruntime-node", importModule)) as OnnxRuntime;
  return new OnnxEngine(runtime, threads);
}

/**
 * Trains on the CPU: ONNX Runtime computes the gradients by one compiled graph, WebAssembly
 * updates the weights.
 */
class OnnxEngine implements Engine {
  readonly name = "onnx";
  readonly description: string;
  readonly #runtime: OnnxRuntime;
  readonly #threads: number;

  constructor(runtime: OnnxRuntime, threads: number) {
    this.#runtime = runtime;
    this.#threads = threads;
    const version = runtime.env.versions.node ?? runtime.env.versions.common;
    this.description = `onnxruntime-node ${version}, cpu, ${threads} thread${threads === 1 ? "" : "s"}`;
  }

  async open(plan: TrainingPlan, start: SessionStart): Promise<EngineSession> {
    const shape = shapeOfWeights(plan.model.layers, start.state.weights);
    return new OnnxSession({ runtime: this.#runtime, threads: this.#threads, shape, plan: plan.training }, start);
  }
}
