import type { TrainingPlan } from "@sintonia/tuning/plan/training-plan";
import type { Examples } from "../../dataset/examples.js";
import { assertFits, type ModelShape } from "../../model/model-shape.js";
import type { ModelWeights } from "../../model/tensor.js";
import type { BatchSums, EngineSession, EvaluationResult, SessionStart, SessionState } from "../contract/engine.js";
import { Evaluation } from "./evaluation.js";
import { Gradients } from "./gradients.js";
import { createOptimizer } from "./optimizer/optimizers.js";
import type { OnnxRuntime } from "./runtime.js";
import { SessionMemory } from "./session-memory.js";
import { WeightUpdate } from "./weight-update.js";

/** The options of a session. */
interface OnnxSessionOptions {
  readonly runtime: OnnxRuntime;
  readonly threads: number;
  readonly shape: ModelShape;
  readonly plan: TrainingPlan["training"];
}

/**
 * A model in memory of its own. Each graph is compiled when first needed, so that an evaluation
 * compiles no training graph.
 */
export class OnnxSession implements EngineSession {
  readonly #options: OnnxSessionOptions;
  readonly #seed: number;
  readonly #memory: SessionMemory;
  readonly #update: WeightUpdate;
  #steps: number;
  #gradients: Gradients | undefined;
  #evaluation: Evaluation | undefined;

  /**
   * @throws {ModelShapeError} if the state lacks slots of the optimizer, or the model needs more
   * than 4 GiB
   */
  constructor(options: OnnxSessionOptions, { state, seed }: SessionStart) {
    const { shape, plan } = options;
    const optimizer = createOptimizer(plan.optimizer);
    this.#options = options;
    this.#seed = seed;
    this.#memory = new SessionMemory(shape, optimizer.slots, state);
    this.#update = new WeightUpdate(this.#memory, { shape, plan: plan.optimizer, optimizer });
    this.#steps = state.steps;
  }

  async trainBatch(examples: Examples, rows: Uint32Array, learningRate: number): Promise<BatchSums> {
    assertFits(this.#options.shape, examples);
    this.#gradients ??= await this.#createGradients();
    const sums = await this.#gradients.compute(examples, rows, this.#steps);
    const penalty = this.#update.penalty();
    this.#steps += 1;
    this.#update.apply({ step: this.#steps, learningRate });
    return { ...sums, lossSum: sums.lossSum + sums.count * penalty };
  }

  async evaluate(examples: Examples, batchSize: number): Promise<EvaluationResult> {
    assertFits(this.#options.shape, examples);
    this.#evaluation ??= await this.#createEvaluation();
    const { lossSum, correct, count } = await this.#evaluation.run(this.#memory, examples, batchSize);
    return { loss: lossSum / count + this.#update.penalty(), accuracy: correct / count, correct, count };
  }

  async readWeights(): Promise<ModelWeights> {
    return this.#memory.copyOfWeights();
  }

  async readState(): Promise<SessionState> {
    const slots = this.#steps === 0 ? [] : this.#memory.copyOfSlots();
    return { steps: this.#steps, weights: this.#memory.copyOfWeights(), slots };
  }

  async dispose(): Promise<void> {
    await this.#gradients?.dispose();
    await this.#evaluation?.dispose();
    this.#gradients = undefined;
    this.#evaluation = undefined;
  }

  #createGradients(): Promise<Gradients> {
    const { runtime, threads, shape, plan } = this.#options;
    return Gradients.create(runtime, { shape, loss: plan.loss, memory: this.#memory, seed: this.#seed, threads });
  }

  #createEvaluation(): Promise<Evaluation> {
    const { runtime, threads, shape, plan } = this.#options;
    return Evaluation.create(runtime, { shape, loss: plan.loss, threads });
  }
}
