import type { Kernels } from "../kernels/kernels.js";

/** The kernel of a dense layer with a regularizer. */
export interface PenalizedTensor {
  readonly count: number;
  /** Addresses. */
  readonly weights: number;
  readonly gradient: number;
  readonly l1: number;
  readonly l2: number;
}

/** Sum over tensors of l1 sum |w| + l2 sum w^2. */
export function penaltyOf(kernels: Kernels, tensors: readonly PenalizedTensor[]): number {
  return tensors.reduce((sum, { count, weights, l1, l2 }) => {
    return (
      sum + termOf(l1, () => kernels.absoluteSum(count, weights)) + termOf(l2, () => kernels.squareSum(count, weights))
    );
  }, 0);
}

/** Spares a pass over the weights for a factor of 0. */
function termOf(factor: number, sum: () => number): number {
  return factor === 0 ? 0 : factor * sum();
}

/** Adds the gradient of the penalties to those of the loss. */
export function addPenaltyGradients(kernels: Kernels, tensors: readonly PenalizedTensor[]): void {
  for (const { count, weights, gradient, l1, l2 } of tensors) {
    kernels.addPenaltyGradient(count, weights, gradient, l1, 2 * l2);
  }
}
