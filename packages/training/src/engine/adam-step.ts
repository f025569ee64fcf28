import type { AdamPlan } from "@sintonia/tuning/plan/training-plan";

// Keras' Adam with fewer passes over memory.
//
//   Keras (epsilon is added after the uncorrected root)                 here, with k = sqrt(1 - b2) / (1 - b1)
//   m += (g - m) (1 - b1)                                               m = b1 m + s          s = (1 - b1) g
//   v += (g^2 - v) (1 - b2)                                             u = b2 u + s^2        v = k^2 u
//   w -= alpha m / (sqrt(v) + eps)                                      w = w - (alpha / k) m / (sqrt(u) + eps / k)
//
// The factor of s is applied to the loss gradient at the logits, which is small, so that no pass over the parameters
// is spent on it. Both sides are equal in exact arithmetic.

/** The numbers of Adam that stay the same through training. */
export interface AdamConstants {
  readonly beta1: number;
  readonly beta2: number;
  /** Added to the root of the scaled second moment. */
  readonly epsilon: number;
}

/** The numbers of one step. */
export interface AdamScalars {
  /** Factor on the gradient of the summed loss: (1 - beta1) / batch size. */
  readonly gradientScale: number;
  /** Factor on m / (sqrt(u) + epsilon). */
  readonly stepSize: number;
}

/** Ratio between the root of Keras' second moment and ours. Needs beta1 and beta2 below 1. */
function momentRatio(plan: AdamPlan): number {
  return Math.sqrt(1 - plan.beta2) / (1 - plan.beta1);
}

export function adamConstants(plan: AdamPlan): AdamConstants {
  return { beta1: plan.beta1, beta2: plan.beta2, epsilon: plan.epsilon / momentRatio(plan) };
}

/** @param step - 1 for the first step of training */
export function adamScalars(
  plan: AdamPlan,
  {
    step,
    batchSize,
    learningRate,
  }: { readonly step: number; readonly batchSize: number; readonly learningRate: number },
): AdamScalars {
  const alpha = (learningRate * Math.sqrt(1 - plan.beta2 ** step)) / (1 - plan.beta1 ** step);
  return { gradientScale: (1 - plan.beta1) / batchSize, stepSize: alpha / momentRatio(plan) };
}
