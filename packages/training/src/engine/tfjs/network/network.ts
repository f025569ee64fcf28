import type { Activation, LossPlan } from "@sintonia/tuning/plan/training-plan";
import type { TargetForm } from "../../../model/example-form.js";
import { type LayerShape, logitLayers, type ModelShape } from "../../../model/model-shape.js";
import type { NamedTensors, Scalar, Tensor1D, Tensor2D, TensorFlow } from "../tensorflow/tensorflow.js";
import { activate } from "./layer/activations.js";
import type { Layer, LayerPass } from "./layer/layer.js";
import { createLayer } from "./layer/layers.js";
import type { Loss } from "./loss/loss.js";
import { computeLoss } from "./loss/losses.js";
import { countCorrect, smoothedTargets, type TargetTensor } from "./loss/targets.js";
import { type Penalty, penaltiesOf, penaltySum, withPenalties } from "./penalty.js";

/** The rows of one batch. */
export interface BatchTensors {
  /** Shape (batch, features). */
  readonly inputs: Tensor2D;
  readonly targets: TargetTensor;
  /** Shape (batch, 1). */
  readonly weights?: Tensor2D;
}

/** A batch whose loss is computed. */
export interface LossBatch extends BatchTensors {
  readonly form: TargetForm;
}

/**
 * The measures of one batch, shape (2,): weighted sum of the losses without penalties, and number
 * of correct examples.
 */
type BatchMeasure = Tensor1D;

/** The results of one training step before the optimizer. */
interface TrainingPass {
  readonly measure: BatchMeasure;
  /** Sum of the penalties of all kernels. */
  readonly penalty: Scalar;
  /** Gradient of the mean loss with penalties, for each trained tensor. */
  readonly gradients: NamedTensors;
  /** Next values of the moving averages. */
  readonly movingAverages: NamedTensors;
}

/** The forward and backward pass of a model. Holds no tensors: its methods run inside tf.tidy. */
export class Network {
  readonly #tf: TensorFlow;
  readonly #loss: LossPlan;
  /** Activation of the last layer. */
  readonly #activation: Activation;
  /** The layers that compute the logits; the last one is linear. */
  readonly #layers: readonly Layer[];
  /** Index of the first layer with trained tensors: the backward pass ends there. */
  readonly #firstTrained: number;
  readonly #penalties: readonly Penalty[];

  /** @param seed - seed of the execution, for dropout masks */
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

  /** Measures a batch in inference: moving averages, no dropout. */
  evaluate(weights: NamedTensors, batch: LossBatch): BatchMeasure {
    return this.#measure(this.#infer(weights, batch.inputs), batch).measure;
  }

  /** Computes the outputs of a batch in inference, shape (batch, outputs). */
  predict(weights: NamedTensors, inputs: Tensor2D): Tensor2D {
    return activate(this.#tf, this.#activation, this.#infer(weights, inputs));
  }

  /** Computes the sum of the penalties of all kernels. */
  penalty(weights: NamedTensors): Scalar {
    return penaltySum(this.#tf, this.#penalties, weights);
  }

  /**
   * Computes one step up to the gradients.
   *
   * @param step - number of steps before this one
   */
  train(weights: NamedTensors, batch: LossBatch, step: number): TrainingPass {
    const passes: LayerPass[] = [];
    let outputs = batch.inputs;
    for (const layer of this.#layers) {
      const pass = layer.train(weights, outputs, step);
      passes.push(pass);
      outputs = pass.outputs;
    }
    const { measure, loss } = this.#measure(outputs, batch);
    const gradients = this.#backward(passes, loss.gradient().div(outputs.shape[0]));
    return {
      measure,
      penalty: this.penalty(weights),
      gradients: withPenalties(this.#penalties, gradients, weights),
      movingAverages: Object.assign({}, ...passes.map(({ movingAverages }) => movingAverages)),
    };
  }

  /** @param logitDelta - gradient of the mean loss at the logits */
  #backward(passes: readonly LayerPass[], logitDelta: Tensor2D): NamedTensors {
    const gradients: NamedTensors[] = [];
    let delta = logitDelta;
    for (let index = passes.length - 1; index >= this.#firstTrained; index--) {
      const layer = (passes[index] as LayerPass).backward(delta);
      gradients.push(layer.weights);
      if (index > this.#firstTrained) delta = layer.inputs();
    }
    return Object.assign({}, ...gradients);
  }

  /** Computes the logits of a batch in inference. */
  #infer(weights: NamedTensors, inputs: Tensor2D): Tensor2D {
    return this.#layers.reduce((values, layer) => layer.infer(weights, values), inputs);
  }

  #measure(
    logits: Tensor2D,
    { form, targets, weights }: LossBatch,
  ): { readonly measure: BatchMeasure; readonly loss: Loss } {
    const activation = this.#activation;
    const outputs = activate(this.#tf, activation, logits);
    const smoothed = smoothedTargets(this.#tf, this.#loss, { form, targets, width: logits.shape[1] });
    const loss = computeLoss(this.#tf, this.#loss, { logits, outputs, activation, targets: smoothed, weights });
    const correct = countCorrect(this.#tf, { form, targets, outputs });
    return { measure: this.#tf.stack([loss.sum, correct]) as Tensor1D, loss };
  }
}

function isTrained(layer: LayerShape): boolean {
  if (layer.type === "BatchNormalization") return layer.gamma !== undefined || layer.beta !== undefined;
  return layer.type === "Dense";
}
