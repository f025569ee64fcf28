import type { TrainingPlan } from "@sintonia/tuning/plan/training-plan";
import type {
  BatchSums,
  Engine,
  EngineSession,
  EvaluationResult,
  Examples,
  ModelWeights,
  SessionStart,
  SessionState,
} from "../engine.js";
import { assertFits, type ModelShape, shapeOfWeights } from "../model-shape.js";
import { assertSupported } from "../support.js";
import { Evaluation } from "./evaluation.js";
import { copyOfWeights, type Parameter, weightsOf } from "./parameters.js";
import type { OnnxRuntime } from "./runtime.js";
import { TrainingStep } from "./training-step.js";

/** Trains on the CPU with ONNX Runtime: each step is one run of one compiled graph. */
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

  async open(plan: TrainingPlan, { state }: SessionStart): Promise<EngineSession> {
    const shape = shapeOfWeights(plan.model.layers, state.weights);
    const adam = assertSupported(plan);
    const weights = copyOfWeights(state.weights);
    const settings = { shape, adam, weights, threads: this.#threads };
    return new OnnxSession(shape, weights, {
      training: () => TrainingStep.create(this.#runtime, settings),
      evaluation: () => Evaluation.create(this.#runtime, settings),
    });
  }
}

/** Compiles each graph when it is first needed: a model that is only evaluated never pays for training. */
interface Graphs {
  readonly training: () => Promise<TrainingStep>;
  readonly evaluation: () => Promise<Evaluation>;
}

class OnnxSession implements EngineSession {
  readonly #shape: ModelShape;
  readonly #graphs: Graphs;
  #weights: readonly Parameter[];
  #training: TrainingStep | undefined;
  #evaluation: Evaluation | undefined;

  constructor(shape: ModelShape, weights: readonly Parameter[], graphs: Graphs) {
    this.#shape = shape;
    this.#weights = weights;
    this.#graphs = graphs;
  }

  async trainBatch(examples: Examples, rows: Uint32Array, learningRate: number): Promise<BatchSums> {
    assertFits(this.#shape, examples);
    this.#training ??= await this.#graphs.training();
    const { sums, weights } = await this.#training.run(examples, rows, learningRate);
    this.#weights = weights;
    return sums;
  }

  async evaluate(examples: Examples, batchSize: number): Promise<EvaluationResult> {
    assertFits(this.#shape, examples);
    this.#evaluation ??= await this.#graphs.evaluation();
    return this.#evaluation.run(this.#weights, examples, batchSize);
  }

  async readWeights(): Promise<ModelWeights> {
    return weightsOf(this.#weights);
  }

  async readState(): Promise<SessionState> {
    throw new Error("not yet");
  }

  async dispose(): Promise<void> {
    await this.#training?.dispose();
    await this.#evaluation?.dispose();
    this.#training = undefined;
    this.#evaluation = undefined;
  }
}
