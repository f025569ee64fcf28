// Noise variances of targets, from the noise variances of losses.
//
//   l    loss                               shape (n,), in units of the median loss
//   ν    noise variance of the loss         shape (n,), NaN if unknown
//   c    bend of the warp                   in the unit of l
//   sd   standard deviation of u            see log-warp.ts
//   τ    noise variance of the target       shape (n,), NaN if unknown
//
//   τ = ν (∂t/∂l)² = ν / (sd (c + l))²

import type { Warped } from "./log-warp.js";

/** Losses with their noise variances. */
export interface NoisyLosses {
  /** Shape (n,). */
  readonly losses: Float64Array;
  /** Noise variance of each loss, NaN if unknown; shape (n,). */
  readonly noise: Float64Array;
}

/** The noise variances of targets and their derivatives by ln c. */
export interface TargetNoise {
  /** τ; shape (n,). */
  readonly variances: Float64Array;
  /** ∂τ / ∂ln c, 0 where τ is unknown; shape (n,). */
  readonly slopes: Float64Array;
}

/**
 * Smallest noise variance of a target, relative to the variance of the targets, which is 1: the
 * lower bound of the noise prior. Smaller variances are raised to this value.
 */
const VARIANCE_MIN = 1e-8;

/** Returns the noise variances of the targets; all are unknown if all losses are equal. */
export function targetNoise({ losses, noise }: NoisyLosses, { bend, sd, sdSlope }: Warped): TargetNoise {
  if (sd === 0) return { variances: noise.map(() => Number.NaN), slopes: new Float64Array(noise.length) };
  const variances = noise.map((variance, i) => variance / (sd * (bend + (losses[i] as number))) ** 2);
  return {
    variances: variances.map((variance) => Math.max(variance, VARIANCE_MIN)),
    slopes: variances.map((variance, i) =>
      variance > VARIANCE_MIN ? -2 * variance * (bend / (bend + (losses[i] as number)) + sdSlope) : 0,
    ),
  };
}
