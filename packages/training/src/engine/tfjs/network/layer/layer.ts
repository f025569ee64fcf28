import type { NamedTensors, Tensor2D } from "../../tensorflow/tensorflow.js";

/** One layer's arithmetic, for calls inside tf.tidy. Inputs and outputs have shape (batch, units). */
export interface Layer {
  /** Computes the outputs that a trained model gives. */
  infer(weights: NamedTensors, inputs: Tensor2D): Tensor2D;
  /** @param step - steps taken before this one */
  train(weights: NamedTensors, inputs: Tensor2D, step: number): LayerPass;
}

/** What a layer computed in training. */
export interface LayerPass {
  readonly outputs: Tensor2D;
  /** Next values of the tensors that no optimizer changes. */
  readonly moved: NamedTensors;
  /** Carries the loss's gradient back from the outputs. */
  backward(delta: Tensor2D): LayerGradients;
}

export interface LayerGradients {
  /** One entry for each trained tensor of the layer. */
  readonly weights: NamedTensors;
  /** Computes the gradient at the inputs; where nothing below is trained it is not asked for. */
  inputs(): Tensor2D;
}

/** Where a layer draws its dropout masks from. */
export interface MaskSource {
  /** Of the execution. */
  readonly seed: number;
  /** Index among the model's layers. */
  readonly layer: number;
}
