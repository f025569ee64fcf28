import type { TrainingPlan } from "@sintonia/tuning/plan/training-plan";
import type { Examples } from "../../dataset/examples.js";
import { assertFeatures, exampleForm } from "../../model/example-form.js";
import { type ModelShape, shapeOfWeights } from "../../model/model-shape.js";
import type { ModelWeights } from "../../model/tensor.js";
import type { BatchSums, EngineSession, EvaluationResult, SessionStart, SessionState } from "../contract/engine.js";
import type { DeviceExamples } from "./device-examples.js";
import { type LossBatch, Network } from "./network/network.js";
import { clipped } from "./optimizer/clipping.js";
import type { Optimizer } from "./optimizer/optimizer.js";
import { createOptimizer } from "./optimizer/optimizers.js";
import type { Backend } from "./tensorflow/backend.js";
import type { Tensor1D } from "./tensorflow/tensorflow.js";
import { disposeState, StateLayout, type TrainingState } from "./training-state.js";

/** The resources that all sessions of an engine share. */
export interface Device {
  readonly backend: Backend;
  readonly examples: DeviceExamples;
}

/**
 * Trains with single operations of tfjs. The session holds tensors until `dispose`; their number
 * is the same after each step.
 */
export class TfjsSession implements EngineSession {
  readonly #backend: Backend;
  readonly #plan: TrainingPlan["training"];
  readonly #shape: ModelShape;
  readonly #network: Network;
  readonly #optimizer: Optimizer;
  readonly #layout: StateLayout;
  readonly #examples: DeviceExamples;
  #state: TrainingState;
  #steps: number;

  /** @throws {ModelShapeError} if plan and state do not fit */
  constructor({ backend, examples }: Device, { model, training }: TrainingPlan, { state, seed }: SessionStart) {
    const { tf } = backend;
    this.#backend = backend;
    this.#plan = training;
    this.#shape = shapeOfWeights(model.layers, state.weights);
    this.#network = new Network(tf, { shape: this.#shape, loss: training.loss, seed });
    this.#optimizer = createOptimizer(tf, training.optimizer);
    this.#layout = new StateLayout(this.#shape, this.#optimizer);
    this.#examples = examples;
    this.#state = backend.use(() => this.#layout.load(tf, state));
    this.#steps = state.steps;
  }

  async trainBatch(examples: Examples, rows: Uint32Array, learningRate: number): Promise<BatchSums> {
    const { targets: form } = exampleForm(this.#shape, examples);
    const { state, sums } = this.#backend.tidy(() => {
      return this.#step({ ...this.#examples.gather(examples, rows), form }, learningRate);
    });
    disposeState(this.#state);
    this.#state = state;
    this.#steps += 1;
    const [lossSum, correct, penalty] = await readOnce(sums);
    return { lossSum: lossSum + rows.length * penalty, correct, count: rows.length };
  }

  async evaluate(examples: Examples, batchSize: number): Promise<EvaluationResult> {
    const { targets: form } = exampleForm(this.#shape, examples);
    const { count } = examples;
    const { weights } = this.#state;
    const [penalty] = await readOnce(this.#backend.tidy(() => this.#network.penalty(weights).as1D()));
    let [lossSum, correct] = [0, 0];
    for (let start = 0; start < count; start += batchSize) {
      const size = Math.min(batchSize, count - start);
      const measure = this.#backend.tidy(() => {
        return this.#network.evaluate(weights, { ...this.#examples.slice(examples, start, size), form });
      });
      const [batchLoss, batchCorrect] = await readOnce(measure);
      lossSum += batchLoss;
      correct += batchCorrect;
    }
    return { loss: lossSum / count + penalty, accuracy: correct / count, correct, count };
  }

  async predict(examples: Examples, batchSize: number): Promise<Float32Array> {
    assertFeatures(this.#shape, examples);
    const { count } = examples;
    const { weights } = this.#state;
    const outputs = new Float32Array(count * this.#shape.outputs);
    for (let start = 0; start < count; start += batchSize) {
      const size = Math.min(batchSize, count - start);
      const batch = this.#backend.tidy(() => {
        return this.#network.predict(weights, this.#examples.slice(examples, start, size).inputs);
      });
      outputs.set(await batch.data(), start * this.#shape.outputs);
      batch.dispose();
    }
    return outputs;
  }

  readWeights(): Promise<ModelWeights> {
    return this.#layout.readWeights(this.#state);
  }

  async readState(): Promise<SessionState> {
    const [weights, slots] = await Promise.all([
      this.#layout.readWeights(this.#state),
      this.#layout.readSlots(this.#state),
    ]);
    return { steps: this.#steps, weights, slots: this.#steps === 0 ? [] : slots };
  }

  async dispose(): Promise<void> {
    disposeState(this.#state);
    this.#state = { weights: {}, slots: {} };
  }

  #step(batch: LossBatch, learningRate: number): { readonly state: TrainingState; readonly sums: Tensor1D } {
    const { measure, penalty, gradients, movingAverages } = this.#network.train(
      this.#state.weights,
      batch,
      this.#steps,
    );
    const { tf } = this.#backend;
    const update = this.#optimizer.update({ number: this.#steps + 1, learningRate });
    const state = this.#layout.next(this.#state, {
      update,
      gradients: clipped(tf, gradients, this.#plan.optimizer),
      movingAverages,
    });
    // One tensor for all sums, because each read waits for the device.
    return { state, sums: tf.concat1d([measure, penalty.as1D()]) };
  }
}

/** Reads a tensor of at most three values and disposes of it. */
async function readOnce(tensor: Tensor1D): Promise<[number, number, number]> {
  const values = await tensor.data();
  tensor.dispose();
  return Array.from(values) as [number, number, number];
}
