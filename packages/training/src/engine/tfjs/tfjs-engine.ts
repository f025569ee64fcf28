import type { TrainingPlan } from "@sintonia/tuning/plan/training-plan";
import type { Engine, EngineName, EngineSession, SessionStart } from "../contract/engine.js";
import { DeviceExamples } from "./device-examples.js";
import type { Backend } from "./tensorflow/backend.js";
import { type Device, TfjsSession } from "./tfjs-session.js";

/** Trains with any package that has the interface of tfjs. */
export class TfjsEngine implements Engine {
  readonly name: EngineName;
  readonly description: string;
  readonly #device: Device;

  constructor(name: EngineName, backend: Backend, description: string) {
    this.name = name;
    this.description = description;
    this.#device = { backend, examples: new DeviceExamples(backend.tf) };
  }

  async open(plan: TrainingPlan, start: SessionStart): Promise<EngineSession> {
    return new TfjsSession(this.#device, plan, start);
  }
}
