import type { TrainingPlan } from "@sintonia/tuning/plan/training-plan";
import { shapeOfWeights } from "../../model/model-shape.js";
import type { Engine, EngineSession, SessionStart } from "../contract/engine.js";
import { OnnxSession } from "./onnx-session.js";
import type { OnnxRuntime } from "./runtime.js";

/** Trains on the CPU: ONNX Runtime computes the gradients of a step by one compiled graph, WebAssembly the rest. */
export class OnnxEngine implements Engine {
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
