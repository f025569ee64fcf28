// The warp from losses to targets. A loss is the distance of an objective from the best
// observation.
//
//   l   loss, ≥ 0, in units of the median loss             shape (n,)
//   c   bend, above 0, in the unit of l
//   u   -ln(1 + l / c)                                     shape (n,)
//   t   target (u - mean(u)) / sd(u), mean 0, variance 1   shape (n,)
//
// The scale of u is linear for l « c and logarithmic for l » c. Losses often span orders of
// magnitude; without the warp, the worst trials would decide the fit of a process that has the same
// length scales everywhere. The bend is estimated together with the kernel's parameters from the
// likelihood of the losses: ln p(l) = ln p(t) + Σ ln |∂t/∂l|.
//
// Snelson, Rasmussen, Ghahramani, Warped Gaussian Processes, 2003, eq. 6.

import { mean as average } from "../../numeric/vector.js";

/** The parameters of the warp between losses and targets. */
export interface WarpScale {
  readonly bend: number;
  /** Mean of u. */
  readonly mean: number;
  /** Standard deviation of u; 0 if all losses are equal. */
  readonly sd: number;
}

/** The targets at a bend, with the terms of the likelihood and of its derivative by ln c. */
export interface Warped extends WarpScale {
  /** t; shape (n,). Larger is better. */
  readonly targets: Float64Array;
  /** ∂t / ∂ln c; shape (n,). */
  readonly targetSlopes: Float64Array;
  /** ∂ln sd(u) / ∂ln c. */
  readonly sdSlope: number;
  /** Σ ln |∂t/∂l| over the observations, with mean(u) and sd(u) held constant. */
  readonly logJacobian: number;
  /** ∂logJacobian / ∂ln c. */
  readonly logJacobianSlope: number;
}

/**
 * Smallest standard deviation of u. With less, the losses differ by rounding errors only and count
 * as equal.
 */
const SD_MIN = 1e-9;

/**
 * Warps losses at a bend.
 *
 * @param losses - finite, each ≥ 0
 */
export function warp(losses: Float64Array, bend: number): Warped {
  const n = losses.length;
  const u = losses.map((loss) => -Math.log1p(loss / bend));
  const slopes = losses.map((loss) => loss / (bend + loss));
  const mean = average(u);
  const sd = Math.sqrt(average(u.map((value) => (value - mean) ** 2)));
  if (!(sd > SD_MIN)) return constant(n, { bend, mean, sd: 0 });
  const targets = u.map((value) => (value - mean) / sd);
  const meanSlope = average(slopes);
  const sdSlope = average(slopes.map((slope, i) => slope * (targets[i] as number))) / sd;
  return {
    bend,
    mean,
    sd,
    targets,
    sdSlope,
    targetSlopes: targets.map((t, i) => ((slopes[i] as number) - meanSlope) / sd - t * sdSlope),
    logJacobian: -losses.reduce((sum, loss) => sum + Math.log(bend + loss), 0) - n * Math.log(sd),
    logJacobianSlope: -losses.reduce((sum, loss) => sum + bend / (bend + loss), 0) - n * sdSlope,
  };
}

/** Returns the loss of a target, the inverse of the warp: at least -bend; Infinity on overflow. */
export function lossAt({ bend, mean, sd }: WarpScale, target: number): number {
  return bend * Math.expm1(-(mean + sd * target));
}

/**
 * Returns the target of a loss. No finite target has a loss of -bend or less.
 *
 * @param scale - with sd > 0
 * @returns Infinity if loss ≤ -bend
 */
export function targetAt({ bend, mean, sd }: WarpScale, loss: number): number {
  return loss > -bend ? (-Math.log1p(loss / bend) - mean) / sd : Number.POSITIVE_INFINITY;
}

/**
 * Returns the mean loss of a normally distributed target: c (exp(-(m + s μ) + s² σ² / 2) - 1) for
 * m = mean(u) and s = sd(u). If σ is large, the mean exceeds the losses of all likely targets.
 *
 * @param target - μ, the mean of the target
 * @param variance - σ², the variance of the target
 * @returns Infinity on overflow
 */
export function meanLoss({ bend, mean, sd }: WarpScale, target: number, variance: number): number {
  return bend * Math.expm1(-(mean + sd * target) + (sd * sd * variance) / 2);
}

/** Returns targets of 0, which do not depend on the bend, for equal losses. */
function constant(n: number, scale: WarpScale): Warped {
  const zeros = new Float64Array(n);
  return { ...scale, targets: zeros, targetSlopes: zeros, sdSlope: 0, logJacobian: 0, logJacobianSlope: 0 };
}
