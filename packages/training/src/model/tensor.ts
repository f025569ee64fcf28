/** A float32 tensor under its name. */
export interface NamedTensor {
  readonly name: string;
  readonly shape: readonly number[];
  /** Row-major, as many as the shape says. */
  readonly values: Float32Array;
}

/**
 * All tensors of a model under the names that Keras gives them (dense/kernel, dense/bias, batch_normalization/gamma,
 * dense_1/kernel and so on), in the order of `ModelShape.tensors`.
 */
export type ModelWeights = readonly NamedTensor[];
