import type { Activation, LossPlan } from "@sintonia/tuning/plan/training-plan";
import { type LayerShape, logitLayers, type ModelShape } from "../../../model/model-shape.js";
import type { NamedTensors, Scalar, Tensor1D, Tensor2D, TensorFlow } from "../tensorflow/tensorflow.js";
import type { Layer, LayerPass } from "./layer/layer.js";
import { createLayer } from "./layer/layers.js";
import { type Loss, lossOf, type Outcome, outcomeOf } from "./loss/losses.js";
import { type Penalty, penaltiesOf, penaltySum, withPenalties } from "./penalty.js";

/** Rows under way: inputs of shape (batch, features), labels int32 of shape (batch,). */
export interface BatchTensors {
  readonly inputs: Tensor2D;
  readonly labels: Tensor1D;
}

/** What a batch measures, shape (2,): sum of losses without penalties, and examples whose class was hit. */
export type BatchMeasure = Tensor1D;

/** What a step of training computes before the optimizer. */
export interface TrainingPass {
  readonly measure: BatchMeasure;
  readonly penalty: Scalar;
  /** Of the mean loss and the penalties, for each trained tensor. */
  readonly gradients: NamedTensors;
  /** Next values of the moving averages. */
  readonly moved: NamedTensors;
}

/** Forward and backward pass of a model. Holds no tensors; its methods are called inside tf.tidy. */
export class Network {
  readonly #tf: TensorFlow;
  readonly #loss: LossPlan;
  readonly #activation: Activation;
  /** The last one is linear: its activation goes with the loss. */
  readonly #layers: readonly Layer[];
  readonly #firstTrained: number;
  readonly #penalties: readonly Penalty[];

  /** @param seed - of the execution */
  constructor(
    tf: TensorFlow,
    { shape, loss, seed }: { readonly shape: ModelShape; readonly loss: LossPlan; readonly seed: number },
  ) {
    const { layers, activation } = logitLayers(shape);
    this.#tf = tf;
    this.#loss = loss;
    this.#activation = activation;
    this.#layers = layers.map((layer, index) => createLayer(tf, layer, { seed, layer: index }));
    this.#firstTrained = layers.findIndex(isTrained);
    this.#penalties = penaltiesOf(shape);
  }

  /** Measures with moving averages and without dropout. */
  evaluate(weights: NamedTensors, { inputs, labels }: BatchTensors): BatchMeasure {
    const sums = this.#layers.reduce((values, layer) => layer.infer(weights, values), inputs);
    return this.#measure(sums, labels).measure;
  }

  penalty(weights: NamedTensors): Scalar {
    return penaltySum(this.#tf, this.#penalties, weights);
  }

  /** @param step - steps taken before this one */
  train(weights: NamedTensors, { inputs, labels }: BatchTensors, step: number): TrainingPass {
    const passes: LayerPass[] = [];
    let sums = inputs;
    for (const layer of this.#layers) {
      const pass = layer.train(weights, sums, step);
      passes.push(pass);
      sums = pass.outputs;
    }
    const { measure, loss } = this.#measure(sums, labels);
    const gradients = this.#backward(passes, loss.gradient().div(labels.size));
    return {
      measure,
      penalty: this.penalty(weights),
      gradients: withPenalties(this.#penalties, gradients, weights),
      moved: Object.assign({}, ...passes.map(({ moved }) => moved)),
    };
  }

  #backward(passes: readonly LayerPass[], output: Tensor2D): NamedTensors {
    const gradients: NamedTensors[] = [];
    let delta = output;
    for (let index = passes.length - 1; index >= this.#firstTrained; index--) {
      const layer = (passes[index] as LayerPass).backward(delta);
      gradients.push(layer.weights);
      if (index > this.#firstTrained) delta = layer.inputs();
    }
    return Object.assign({}, ...gradients);
  }

  #measure(sums: Tensor2D, labels: Tensor1D): { readonly measure: BatchMeasure; readonly loss: Loss } {
    const outcome = outcomeOf(this.#tf, this.#loss, { sums, activation: this.#activation, labels });
    const loss = lossOf(this.#tf, this.#loss, outcome);
    return { measure: this.#tf.stack([loss.sum, hits(outcome, labels)]) as Tensor1D, loss };
  }
}

/** Counts examples whose first largest output is at the label. */
function hits({ outputs }: Outcome, labels: Tensor1D): Scalar {
  return outputs.argMax(1).equal(labels).sum().toFloat() as Scalar;
}

function isTrained(layer: LayerShape): boolean {
  if (layer.type === "BatchNormalization") return layer.gamma !== undefined || layer.beta !== undefined;
  return layer.type === "Dense";
}
