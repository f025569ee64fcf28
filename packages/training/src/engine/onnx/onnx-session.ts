import type { TrainingPlan } from "@sintonia/tuning/plan/training-plan";
import type { Examples } from "../../dataset/examples.js";
import { assertFeatures, type ExampleForm, exampleForm, isSameForm } from "../../model/example-form.js";
import type { ModelShape } from "../../model/model-shape.js";
import type { ModelWeights } from "../../model/tensor.js";
import type { BatchSums, EngineSession, EvaluationResult, SessionStart, SessionState } from "../contract/engine.js";
import { Evaluation } from "./evaluation.js";
import { Gradients } from "./gradients.js";
import { createOptimizer } from "./optimizer/optimizers.js";
import { Prediction } from "./prediction.js";
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
  readonly #memory: SessionMemory;
  readonly #update: WeightUpdate;
  #steps: number;
  readonly #gradients: GraphOfForm<Gradients>;
  readonly #evaluation: GraphOfForm<Evaluation>;
  #prediction: Prediction | undefined;

  /**
   * @throws {ModelShapeError} if the state lacks slots of the optimizer, or the model needs more
   * than 4 GiB
   */
  constructor(options: OnnxSessionOptions, { state, seed }: SessionStart) {
    const { runtime, threads, shape, plan } = options;
    const optimizer = createOptimizer(plan.optimizer);
    this.#options = options;
    this.#memory = new SessionMemory(shape, optimizer.slots, state);
    this.#update = new WeightUpdate(this.#memory, { shape, plan: plan.optimizer, optimizer });
    this.#steps = state.steps;
    const graph = { shape, loss: plan.loss, memory: this.#memory, seed, threads };
    this.#gradients = new GraphOfForm((form) => Gradients.create(runtime, { ...graph, form }));
    this.#evaluation = new GraphOfForm((form) => Evaluation.create(runtime, { ...graph, form }));
  }

  async trainBatch(examples: Examples, rows: Uint32Array, learningRate: number): Promise<BatchSums> {
    const gradients = await this.#gradients.of(exampleForm(this.#options.shape, examples));
    const sums = await gradients.compute(examples, rows, this.#steps);
    const penalty = this.#update.penalty();
    this.#steps += 1;
    this.#update.apply({ step: this.#steps, learningRate });
    return { ...sums, lossSum: sums.lossSum + sums.count * penalty };
  }

  async evaluate(examples: Examples, batchSize: number): Promise<EvaluationResult> {
    const evaluation = await this.#evaluation.of(exampleForm(this.#options.shape, examples));
    const { lossSum, correct, count } = await evaluation.run(this.#memory, examples, batchSize);
    return { loss: lossSum / count + this.#update.penalty(), accuracy: correct / count, correct, count };
  }

  async predict(examples: Examples, batchSize: number): Promise<Float32Array> {
    const { runtime, shape } = this.#options;
    assertFeatures(shape, examples);
    this.#prediction ??= await Prediction.create(runtime, this.#options);
    return this.#prediction.run(this.#memory, examples, batchSize);
  }

  async readWeights(): Promise<ModelWeights> {
    return this.#memory.copyOfWeights();
  }

  async readState(): Promise<SessionState> {
    const slots = this.#steps === 0 ? [] : this.#memory.copyOfSlots();
    return { steps: this.#steps, weights: this.#memory.copyOfWeights(), slots };
  }

  async dispose(): Promise<void> {
    await this.#gradients.dispose();
    await this.#evaluation.dispose();
    await this.#prediction?.dispose();
    this.#prediction = undefined;
  }
}

/** A graph that is compiled for the form of the examples seen last. */
class GraphOfForm<Graph extends { dispose(): Promise<void> }> {
  readonly #compile: (form: ExampleForm) => Promise<Graph>;
  #compiled: { readonly form: ExampleForm; readonly graph: Graph } | undefined;

  constructor(compile: (form: ExampleForm) => Promise<Graph>) {
    this.#compile = compile;
  }

  async of(form: ExampleForm): Promise<Graph> {
    if (this.#compiled !== undefined && isSameForm(form, this.#compiled.form)) return this.#compiled.graph;
    await this.dispose();
    const graph = await this.#compile(form);
    this.#compiled = { form, graph };
    return graph;
  }

  async dispose(): Promise<void> {
    await this.#compiled?.graph.dispose();
    this.#compiled = undefined;
  }
}
