import type { Kernels } from "../kernels/kernels.js";

/** A kernel with a regularizer. */
export interface PenalizedTensor {
  /** Number of values. */
  readonly count: number;
  /** Address. */
  readonly weights: number;
  /** Address. */
  readonly gradient: number;
  readonly l1: number;
  readonly l2: number;
}

/** Computes the sum over all kernels of l1 sum |w| + l2 sum w^2. */
export function penaltyOf(kernels: Kernels, tensors: readonly PenalizedTensor[]): number {
  return tensors.reduce((sum, { count, weights, l1, l2 }) => {
    return (
      sum + termOf(l1, () => kernels.absoluteSum(count, weights)) + termOf(l2, () => kernels.squareSum(count, weights))
    );
  }, 0);
}

/** Computes factor sum, without the pass over the weights if the factor is 0. */
function termOf(factor: number, sum: () => number): number {
  return factor === 0 ? 0 : factor * sum();
}

/** Adds the gradients of the penalties, l1 sign(w) + 2 l2 w, to those of the loss. */
export function addPenaltyGradients(kernels: Kernels, tensors: readonly PenalizedTensor[]): void {
  for (const { count, weights, gradient, l1, l2 } of tensors) {
    kernels.addPenaltyGradient(count, weights, gradient, l1, 2 * l2);
  }
}
