import type { NamedTensors, Tensor2D } from "../../tensorflow/tensorflow.js";

/**
 * The forward and backward pass of one layer. Inputs and outputs have shape (batch, units).
 *
 * A layer holds no tensors. Its methods, and those of the objects that they return, run inside one
 * tf.tidy.
 */
export interface Layer {
  /** Computes the outputs of inference. */
  infer(weights: NamedTensors, inputs: Tensor2D): Tensor2D;
  /**
   * Computes the forward pass of training.
   *
   * @param step - number of steps before this one
   */
  train(weights: NamedTensors, inputs: Tensor2D, step: number): LayerPass;
}

/** The forward pass of one layer in training. */
export interface LayerPass {
  readonly outputs: Tensor2D;
  /** Next values of the layer's moving averages, by their names. */
  readonly movingAverages: NamedTensors;
  /**
   * Computes the backward pass.
   *
   * @param delta - gradient of the loss at `outputs`
   */
  backward(delta: Tensor2D): LayerGradients;
}

/** The backward pass of one layer. */
export interface LayerGradients {
  /** Gradient of each trained tensor of the layer, by its name. */
  readonly weights: NamedTensors;
  /** Computes the gradient at the inputs. Not needed where no layer before this one is trained. */
  inputs(): Tensor2D;
}

/** The arguments of a layer's dropout masks that are the same in every step. */
export interface MaskSource {
  /** Seed of the execution. */
  readonly seed: number;
  /** Index among the model's layers. */
  readonly layer: number;
}
