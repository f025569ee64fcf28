import type * as Tf from "@tensorflow/tfjs";

/** The interface of @tensorflow/tfjs, tfjs-node and tfjs-node-gpu. */
export type TensorFlow = typeof Tf;
/** A tensor of any rank. */
export type Tensor = Tf.Tensor;
/** A vector. */
export type Tensor1D = Tf.Tensor1D;
/** A matrix. */
export type Tensor2D = Tf.Tensor2D;
/** A tensor of rank 0. */
export type Scalar = Tf.Scalar;

/** Tensors by the names of `ModelShape.tensors`. A type, because tf.tidy accepts no interface. */
export type NamedTensors = { readonly [name: string]: Tensor };

/**
 * Returns the tensor of a name. Layers and weights come from one `ModelShape`, so that it exists.
 *
 * @throws {Error} if no tensor has the name
 */
export function tensorNamed(tensors: NamedTensors, name: string): Tensor {
  const tensor = tensors[name];
  if (tensor === undefined) throw new Error(`no tensor has the name ${name}`);
  return tensor;
}
