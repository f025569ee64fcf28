import type { TrainingPlan } from "@sintonia/tuning/plan/training-plan";
import type { Engine, EngineName, EngineSession, SessionStart } from "../engine.js";
import { shapeOfWeights } from "../model-shape.js";
import { assertSupported } from "../support.js";
import type { TensorFlow } from "./tensorflow.js";
import { TfjsSession } from "./tfjs-session.js";

/** Trains with any package that has the interface of tfjs. */
export class TfjsEngine implements Engine {
  readonly name: EngineName;
  readonly description: string;
  readonly #tf: TensorFlow;

  constructor(name: EngineName, tf: TensorFlow, description: string) {
    this.name = name;
    this.description = description;
    this.#tf = tf;
  }

  async open(plan: TrainingPlan, { state }: SessionStart): Promise<EngineSession> {
    const shape = shapeOfWeights(plan.model.layers, state.weights);
    return new TfjsSession(this.#tf, { shape, adam: assertSupported(plan), weights: state.weights });
  }
}
