import type * as Tf from "@tensorflow/tfjs";

/** What @tensorflow/tfjs, tfjs-node and tfjs-node-gpu have in common. */
export type TensorFlow = typeof Tf;
export type Tensor = Tf.Tensor;
export type Tensor1D = Tf.Tensor1D;
export type Tensor2D = Tf.Tensor2D;
export type Scalar = Tf.Scalar;

/** Tensors by the names of `ModelShape.tensors`. A type and not an interface, as tf.tidy's containers must be. */
export type NamedTensors = { readonly [name: string]: Tensor };

/** @throws {Error} if there is none of that name: layers and weights come from one `ModelShape` */
export function tensorNamed(tensors: NamedTensors, name: string): Tensor {
  const tensor = tensors[name];
  if (tensor === undefined) throw new Error(`no tensor is called ${name}`);
  return tensor;
}
