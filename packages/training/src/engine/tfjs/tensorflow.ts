import type * as Tf from "@tensorflow/tfjs";

/** What @tensorflow/tfjs, tfjs-node and tfjs-node-gpu have in common. */
export type TensorFlow = typeof Tf;
export type Tensor = Tf.Tensor;
export type Tensor1D = Tf.Tensor1D;
export type Tensor2D = Tf.Tensor2D;
export type Scalar = Tf.Scalar;

/** One layer's tensors: kernel of shape (inputs, units), bias of shape (units,). */
export interface LayerTensors {
  readonly kernel: Tensor2D;
  readonly bias: Tensor1D;
}
