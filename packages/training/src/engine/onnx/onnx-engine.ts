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
import { ModelShapeError } from "../engine-error.js";
import { assertFits, type ModelShape, shapeOfWeights } from "../model-shape.js";
import { assertSupported } from "../support.js";
import { Evaluation } from "./evaluation.js";
import { copyOfTensors, type Parameter, type Parameters, tensorsOf } from "./parameters.js";
import type { OnnxRuntime } from "./runtime.js";
import { optimizerSlots } from "./training-memory.js";
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
    const weights = copyOfTensors(state.weights);
    const slots = state.steps === 0 ? optimizerSlots(weights) : copyOfTensors(state.slots);
    assertSlotsFit(slots, optimizerSlots(weights));
    const begin = { steps: state.steps, weights, slots };
    const settings = { shape, adam, state: begin, threads: this.#threads };
    return new OnnxSession(shape, begin, {
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
  #state: Parameters;
  #training: TrainingStep | undefined;
  #evaluation: Evaluation | undefined;

  constructor(shape: ModelShape, state: Parameters, graphs: Graphs) {
    this.#shape = shape;
    this.#state = state;
    this.#graphs = graphs;
  }

  async trainBatch(examples: Examples, rows: Uint32Array, learningRate: number): Promise<BatchSums> {
    assertFits(this.#shape, examples);
    this.#training ??= await this.#graphs.training();
    const { sums, state } = await this.#training.run(examples, rows, learningRate);
    this.#state = state;
    return sums;
  }

  async evaluate(examples: Examples, batchSize: number): Promise<EvaluationResult> {
    assertFits(this.#shape, examples);
    this.#evaluation ??= await this.#graphs.evaluation();
    return this.#evaluation.run(this.#state.weights, examples, batchSize);
  }

  async readWeights(): Promise<ModelWeights> {
    return tensorsOf(this.#state.weights);
  }

  async readState(): Promise<SessionState> {
    const { steps, weights, slots } = this.#state;
    return { steps, weights: tensorsOf(weights), slots: steps === 0 ? [] : tensorsOf(slots) };
  }

  async dispose(): Promise<void> {
    await this.#training?.dispose();
    await this.#evaluation?.dispose();
    this.#training = undefined;
    this.#evaluation = undefined;
  }
}

/** @throws {ModelShapeError} if names or sizes differ */
function assertSlotsFit(slots: readonly Parameter[], expected: readonly Parameter[]): void {
  const describe = ({ name, values }: Parameter): string => `${name} of ${values.length} values`;
  const [found, needed] = [slots.map(describe).join(", "), expected.map(describe).join(", ")];
  if (found !== needed) throw new ModelShapeError(`the optimizer keeps ${needed}; the state has ${found || "nothing"}`);
}
