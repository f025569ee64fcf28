import type { Warped } from "./log-warp.js";

/** Losses whose errors are known, at least some of them. */
export interface NoisyLosses {
  /** Shape (n,). */
  readonly losses: Float64Array;
  /** Variance of each one's error, NaN where it is not known; shape (n,). */
  readonly noise: Float64Array;
}

/** Variances of the errors of targets, NaN where not known, and their derivatives by the logarithm of the bend, then 0. */
export interface TargetNoise {
  /** Shape (n,). */
  readonly variances: Float64Array;
  readonly slopes: Float64Array;
}

/** As exact as an observation can be said to be: a hundred millionth of the variance seen, the least that a fit believes. */
const VARIANCE_MIN = 1e-8;

/** Known errors of losses as those of their targets: times the square of the warp's slope there, 1 / (sd (c + l)). */
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
