import type { OptimizerPlan } from "@sintonia/tuning/plan/training-plan";
import type { Kernels } from "../kernels/kernels.js";
import type { TrainedTensor } from "./optimizer.js";

/**
 * Scales gradients down to the plan's largest norm: of each tensor (`clipNorm`) or of all tensors
 * together (`globalClipNorm`). A norm that is not finite makes its gradients NaN.
 */
export function clipGradients(
  kernels: Kernels,
  tensors: readonly TrainedTensor[],
  { clipNorm, globalClipNorm }: OptimizerPlan,
): void {
  if (globalClipNorm !== undefined) clipTogether(kernels, tensors, globalClipNorm);
  if (clipNorm !== undefined) for (const tensor of tensors) clipTogether(kernels, [tensor], clipNorm);
}

function clipTogether(kernels: Kernels, tensors: readonly TrainedTensor[], largest: number): void {
  const squares = tensors.map(({ count, gradient }) => kernels.squareSum(count, gradient));
  const norm = Math.sqrt(squares.reduce((sum, square) => sum + square, 0));
  if (norm <= largest) return;
  const factor = Number.isFinite(norm) ? largest / norm : Number.NaN;
  for (const { count, gradient } of tensors) kernels.scale(count, gradient, factor);
}
