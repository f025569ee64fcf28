/** A named float32 tensor. */
export interface NamedTensor {
  readonly name: string;
  readonly shape: readonly number[];
  /** Row-major. */
  readonly values: Float32Array;
}

/**
 * All tensors of a model in the order of `ModelShape.tensors`, under Keras' names: dense/kernel,
 * dense/bias, batch_normalization/gamma, dense_1/kernel and so on.
 */
export type ModelWeights = readonly NamedTensor[];
