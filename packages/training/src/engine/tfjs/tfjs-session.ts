import type { AdamPlan } from "@sintonia/tuning/plan/training-plan";
import { adamScalars } from "../adam-step.js";
import type { BatchSums, EngineSession, EvaluationResult, Examples, ModelWeights, SessionState } from "../engine.js";
import { assertFits, type ModelShape } from "../model-shape.js";
import { Adam, type AdamState } from "./adam.js";
import { backward } from "./backward.js";
import { DeviceExamples } from "./device-examples.js";
import { forward, loss } from "./forward.js";
import type { LayerTensors, Scalar, Tensor, Tensor1D, Tensor2D, TensorFlow } from "./tensorflow.js";

/** One layer under training. */
type LayerState = {
  readonly kernel: AdamState;
  readonly bias: AdamState;
};

/** Trains with single tfjs operations. Holds tensors until `dispose`; no step leaves one behind. */
export class TfjsSession implements EngineSession {
  readonly #tf: TensorFlow;
  readonly #shape: ModelShape;
  readonly #plan: AdamPlan;
  readonly #adam: Adam;
  readonly #examples: DeviceExamples;
  #layers: readonly LayerState[];
  #steps = 0;

  constructor(
    tf: TensorFlow,
    { shape, adam, weights }: { readonly shape: ModelShape; readonly adam: AdamPlan; readonly weights: ModelWeights },
  ) {
    this.#tf = tf;
    this.#shape = shape;
    this.#plan = adam;
    this.#adam = new Adam(tf, adam);
    this.#examples = new DeviceExamples(tf);
    const states = weights.map(({ values, shape: dims }) => freshState(tf, tf.tensor(values.slice(), [...dims])));
    this.#layers = shape.layers.map((_, index) => ({
      kernel: states[2 * index] as AdamState,
      bias: states[2 * index + 1] as AdamState,
    }));
  }

  async trainBatch(examples: Examples, rows: Uint32Array, learningRate: number): Promise<BatchSums> {
    assertFits(this.#shape, examples);
    assertRows(examples, rows);
    const data = this.#examples.of(examples);
    const step = { step: this.#steps + 1, batchSize: rows.length, learningRate };
    const { layers, sums } = this.#tf.tidy(() => {
      const indices = this.#tf.tensor1d(Int32Array.from(rows), "int32");
      return this.#step(data.inputs.gather(indices), data.labels.gather(indices), step);
    });
    for (const state of this.#layers) disposeLayer(state);
    this.#layers = layers;
    this.#steps += 1;
    return this.#read(sums, rows.length);
  }

  async evaluate(examples: Examples, batchSize: number): Promise<EvaluationResult> {
    assertFits(this.#shape, examples);
    const data = this.#examples.of(examples);
    const { count } = examples;
    let [lossSum, correct] = [0, 0];
    for (let start = 0; start < count; start += batchSize) {
      const size = Math.min(batchSize, count - start);
      const sums = this.#tf.tidy(() => this.#measure(data.inputs.slice(start, size), data.labels.slice(start, size)));
      const batch = await this.#read(sums, size);
      lossSum += batch.lossSum;
      correct += batch.correct;
    }
    return { loss: lossSum / count, accuracy: correct / count, correct, count };
  }

  async readWeights(): Promise<ModelWeights> {
    const states = this.#layers.flatMap(({ kernel, bias }) => [kernel, bias]);
    return Promise.all(
      this.#shape.tensors.map(async ({ name, shape }, index) => {
        return { name, shape, values: await copyOf((states[index] as AdamState).weight) };
      }),
    );
  }

  async readState(): Promise<SessionState> {
    throw new Error("not yet");
  }

  async dispose(): Promise<void> {
    for (const layer of this.#layers) disposeLayer(layer);
    this.#layers = [];
    this.#examples.dispose();
    this.#adam.dispose();
  }

  #step(
    inputs: Tensor2D,
    labels: Tensor1D,
    step: { readonly step: number; readonly batchSize: number; readonly learningRate: number },
  ): { layers: LayerState[]; sums: Tensor1D } {
    const scalars = adamScalars(this.#plan, step);
    const [scale, stepSize] = [this.#tf.scalar(scalars.gradientScale), this.#tf.scalar(scalars.stepSize)];
    const weights = weightsOf(this.#layers);
    const pass = forward(this.#shape, inputs, weights);
    const measured = loss(this.#tf, pass.logits, labels);
    const gradients = backward(this.#shape, weights, { pass, loss: measured, scale });
    const layers = this.#layers.map(({ kernel, bias }, index) => {
      const gradient = gradients[index] as LayerTensors;
      return {
        kernel: this.#adam.next(kernel, gradient.kernel, stepSize),
        bias: this.#adam.next(bias, gradient.bias, stepSize),
      };
    });
    return { layers, sums: this.#sums(measured) };
  }

  #measure(inputs: Tensor2D, labels: Tensor1D): Tensor1D {
    return this.#sums(loss(this.#tf, forward(this.#shape, inputs, weightsOf(this.#layers)).logits, labels));
  }

  /** One tensor, since each read waits for the device. */
  #sums({ lossSum, correct }: { readonly lossSum: Scalar; readonly correct: Scalar }): Tensor1D {
    return this.#tf.stack([lossSum, correct.toFloat()]) as Tensor1D;
  }

  async #read(sums: Tensor1D, count: number): Promise<BatchSums> {
    const [lossSum, correct] = (await sums.data()) as unknown as [number, number];
    sums.dispose();
    return { lossSum, correct, count };
  }
}

function freshState(tf: TensorFlow, weight: Tensor): AdamState {
  return { weight, moment: tf.zerosLike(weight), square: tf.zerosLike(weight) };
}

function weightsOf(layers: readonly LayerState[]): LayerTensors[] {
  return layers.map(({ kernel, bias }) => ({ kernel: kernel.weight as Tensor2D, bias: bias.weight as Tensor1D }));
}

function disposeLayer({ kernel, bias }: LayerState): void {
  for (const { weight, moment, square } of [kernel, bias]) {
    for (const tensor of [weight, moment, square]) tensor.dispose();
  }
}

/** The backend may hand out its own memory. */
async function copyOf(tensor: Tensor): Promise<Float32Array> {
  return Float32Array.from(await tensor.data());
}

function assertRows(examples: Examples, rows: Uint32Array): void {
  const outside = rows.find((row) => row >= examples.count);
  if (outside !== undefined) throw new RangeError(`row ${outside} is outside ${examples.count} examples`);
}
