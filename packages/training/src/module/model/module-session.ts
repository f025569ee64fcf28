import type { LossPlan } from "@sintonia/tuning/plan/training-plan";
import type { Variable } from "@tensorflow/tfjs";
import type { Examples } from "../../dataset/examples.js";
import type { BatchSums, EngineSession, EvaluationResult, SessionState } from "../../engine/contract/engine.js";
import { countCorrect, smoothedTargets } from "../../engine/tfjs/network/loss/targets.js";
import type { BatchTensors } from "../../engine/tfjs/network/network.js";
import type { NamedTensors, Scalar, Tensor, Tensor1D, Tensor2D } from "../../engine/tfjs/tensorflow/tensorflow.js";
import type { Device } from "../../engine/tfjs/tfjs-session.js";
import { exampleForm } from "../../model/example-form.js";
import type { ModelWeights, NamedTensor } from "../../model/tensor.js";
import { withChance } from "../user/chance.js";
import type { BuiltModel } from "./built-model.js";
import { rowLosses } from "./module-loss.js";
import type { Updater } from "./updater.js";

/** A model with what trains and measures it. */
export interface TrainableModel {
  readonly built: BuiltModel;
  readonly loss: LossPlan;
  readonly updater: Updater;
  /** Seed of the execution, for dropout and noise. */
  readonly seed: number;
}

/**
 * Trains a LayersModel with single steps. The session owns the model and its updater until
 * `dispose`; the number of tensors is the same after each step.
 */
export class ModuleSession implements EngineSession {
  readonly #device: Device;
  readonly #trainable: TrainableModel;
  #steps = 0;

  constructor(device: Device, trainable: TrainableModel) {
    this.#device = device;
    this.#trainable = trainable;
  }

  /** Continues from a state that `readState` returned in an execution of the same plan. */
  async restore({ steps, weights, slots }: SessionState): Promise<void> {
    this.writeWeights(weights);
    if (slots.length > 0) await this.#trainable.updater.restore(slots);
    this.#steps = steps;
  }

  /** Replaces the weights of the model. */
  writeWeights(weights: ModelWeights): void {
    const { tf } = this.#device.backend;
    const values = new Map(weights.map((tensor) => [tensor.name, tensor]));
    this.#device.backend.tidy(() => {
      for (const { name, shape, variable } of this.#trainable.built.weights) {
        const found = values.get(name);
        if (found === undefined) throw new RangeError(`the state has no weight ${name}`);
        variable.write(tf.tensor(found.values.slice(), [...shape]));
      }
    });
  }

  async trainBatch(examples: Examples, rows: Uint32Array, learningRate: number): Promise<BatchSums> {
    const { seed } = this.#trainable;
    const sums = withChance({ seed, purpose: ["step", this.#steps] }, () =>
      this.#device.backend.tidy(() => {
        const batch = this.#device.examples.gather(examples, rows);
        return this.#step(batch, examples, learningRate);
      }),
    );
    this.#steps += 1;
    const [loss, correct] = await readOnce(sums);
    return { lossSum: rows.length * (loss as number), correct: correct as number, count: rows.length };
  }

  async evaluate(examples: Examples, batchSize: number): Promise<EvaluationResult> {
    const { count } = examples;
    const [penalty] = await readOnce(this.#device.backend.tidy(() => this.#penalty().as1D()));
    let [lossSum, correct] = [0, 0];
    for (let start = 0; start < count; start += batchSize) {
      const size = Math.min(batchSize, count - start);
      const measure = this.#device.backend.tidy(() => {
        const batch = this.#device.examples.slice(examples, start, size);
        const outputs = this.#outputs(batch.inputs, false);
        return this.#sums(this.#measure(batch, examples, outputs));
      });
      const [batchLoss, batchCorrect] = await readOnce(measure);
      lossSum += batchLoss as number;
      correct += batchCorrect as number;
    }
    return { loss: lossSum / count + (penalty as number), accuracy: correct / count, correct, count };
  }

  async predict(examples: Examples, batchSize: number): Promise<Float32Array> {
    const { count } = examples;
    const width = this.#trainable.built.outputs;
    const outputs = new Float32Array(count * width);
    for (let start = 0; start < count; start += batchSize) {
      const size = Math.min(batchSize, count - start);
      const batch = this.#device.backend.tidy(() =>
        this.#outputs(this.#device.examples.slice(examples, start, size).inputs, false),
      );
      outputs.set(await batch.data(), start * width);
      batch.dispose();
    }
    return outputs;
  }

  async readWeights(): Promise<ModelWeights> {
    const read = this.#trainable.built.weights.map(async ({ name, shape, variable }): Promise<NamedTensor> => {
      return { name, shape, values: Float32Array.from(await variable.read().data()) };
    });
    return Promise.all(read);
  }

  async readState(): Promise<SessionState> {
    const [weights, slots] = await Promise.all([this.readWeights(), this.#trainable.updater.read()]);
    return { steps: this.#steps, weights, slots };
  }

  async dispose(): Promise<void> {
    this.#trainable.updater.dispose();
    this.#trainable.built.model.dispose();
  }

  /** Takes one step and returns the mean loss with penalties, and the number of correct rows. */
  #step(batch: BatchTensors, examples: Examples, learningRate: number): Tensor1D {
    const { tf } = this.#device.backend;
    const { weights } = this.#trainable.built;
    const trained = weights.filter(({ isTrained }) => isTrained);
    const variables = trained.map(({ variable }) => variable.read() as Variable);
    let correct: Scalar | undefined;
    const { value, grads } = tf.variableGrads(() => {
      const measured = this.#measure(batch, examples, this.#outputs(batch.inputs, true));
      correct = tf.keep(measured.correct);
      const [rows] = batch.inputs.shape;
      return measured.lossSum.div(rows).add(this.#penalty()) as Scalar;
    }, variables);
    const sums = tf.stack([value, correct as Scalar]) as Tensor1D;
    correct?.dispose();
    const gradients = Object.fromEntries(trained.map(({ name }, index) => [name, grads[variables[index]?.name ?? ""]]));
    this.#trainable.updater.apply({ gradients: gradients as NamedTensors, number: this.#steps + 1, learningRate });
    return sums;
  }

  #outputs(inputs: Tensor2D, training: boolean): Tensor2D {
    const { model, inputShape } = this.#trainable.built;
    return model.apply(inputs.reshape([inputs.shape[0], ...inputShape]), { training }) as Tensor2D;
  }

  #measure({ targets, weights }: BatchTensors, examples: Examples, outputs: Tensor2D): Measure {
    const { tf } = this.#device.backend;
    const { loss, built } = this.#trainable;
    const { targets: form } = exampleForm({ features: examples.features, outputs: built.outputs }, examples);
    const expected = smoothedTargets(tf, loss, { form, targets, width: built.outputs });
    const losses = rowLosses(tf, loss, { outputs, targets: expected });
    const weighted = weights === undefined ? losses : losses.mul(weights.as1D());
    return { lossSum: weighted.sum() as Scalar, correct: countCorrect(tf, { form, targets, outputs }) };
  }

  #sums({ lossSum, correct }: Measure): Tensor1D {
    return this.#device.backend.tf.stack([lossSum, correct]) as Tensor1D;
  }

  /** Computes the sum of the penalties of all layers. */
  #penalty(): Scalar {
    const { tf } = this.#device.backend;
    const losses: Tensor[] = this.#trainable.built.model.calculateLosses();
    return losses.reduce<Scalar>((sum, loss) => sum.add(loss) as Scalar, tf.scalar(0));
  }
}

/** Weighted sum of the losses of a batch without penalties, and number of correct rows. */
interface Measure {
  readonly lossSum: Scalar;
  readonly correct: Scalar;
}

/** Reads a tensor of few values and disposes of it. */
async function readOnce(tensor: Tensor1D): Promise<number[]> {
  const values = await tensor.data();
  tensor.dispose();
  return Array.from(values);
}
