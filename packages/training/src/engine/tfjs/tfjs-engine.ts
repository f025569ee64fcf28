import type { TrainingPlan } from "@sintonia/tuning/plan/training-plan";
import type { Engine, EngineName, EngineSession, ModelWeights } from "../engine.js";
import { modelShape } from "../model-shape.js";
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

  async open(plan: TrainingPlan, initialWeights: ModelWeights): Promise<EngineSession> {
    const shape = modelShape(plan.model.layers, initialWeights);
    return new TfjsSession(this.#tf, { shape, adam: plan.training.optimizer, weights: initialWeights });
  }
}
