// The warp from losses to targets. A loss is the distance of an objective from the best
// observation.
//
//   l   loss, ≥ 0, in units of the median loss             shape (n,)
//   c   bend, above 0, in the unit of l
//   u   -ln(1 + l / c)                                     shape (n,)
//   t   target (u - mean(u)) / sd(u), mean 0, variance 1   shape (n,)
//   w   target of the largest loss, min(t)
//
// The scale of u is linear for l « c and logarithmic for l » c. Losses often span orders of
// magnitude; without the warp, the worst trials would decide the fit of a process that has the same
// length scales everywhere. The bend is estimated together with the kernel's parameters from the
// likelihood of the losses: ln p(l) = ln p(t) + Σ ln |∂t/∂l|.
//
// The observations determine the scale of u up to the largest loss. Beyond it, for t < w, the loss
// continues along the tangent at w. An exponential there would predict losses of hundreds of times
// the largest one: if losses span many multiples of c, one unit of t is a large factor of l.
//
// Snelson, Rasmussen, Ghahramani, Warped Gaussian Processes, 2003, eq. 6.

import { logNormalCdf, normalCdf, normalDensity } from "../../numeric/distribution/normal-distribution.js";
import { mean as average } from "../../numeric/vector.js";

/** The parameters of the warp between losses and targets. */
export interface WarpScale {
  readonly bend: number;
  /** Mean of u. */
  readonly mean: number;
  /** Standard deviation of u; 0 if all losses are equal. */
  readonly sd: number;
  /** w, the target of the largest loss, at most 0. Below it, losses follow the tangent at w. */
  readonly edge: number;
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

/** Standard deviations above w from which the probability of t < w, 1e-19, is left out. */
const Z_MAX = 9;

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
  if (!(sd > SD_MIN)) return constant(n, { bend, mean, sd: 0, edge: 0 });
  const targets = u.map((value) => (value - mean) / sd);
  const meanSlope = average(slopes);
  const sdSlope = average(slopes.map((slope, i) => slope * (targets[i] as number))) / sd;
  return {
    bend,
    mean,
    sd,
    edge: targets.reduce((lowest, target) => Math.min(lowest, target), 0),
    targets,
    sdSlope,
    targetSlopes: targets.map((t, i) => ((slopes[i] as number) - meanSlope) / sd - t * sdSlope),
    logJacobian: -losses.reduce((sum, loss) => sum + Math.log(bend + loss), 0) - n * Math.log(sd),
    logJacobianSlope: -losses.reduce((sum, loss) => sum + bend / (bend + loss), 0) - n * sdSlope,
  };
}

/** Returns the loss of a target, the inverse of the warp: at least -bend; Infinity on overflow. */
export function lossAt(scale: WarpScale, target: number): number {
  if (target >= scale.edge) return warpedLoss(scale, target);
  const { loss, slope } = tangentOf(scale);
  return loss + slope * (scale.edge - target);
}

/**
 * Returns the target of a loss. No finite target has a loss of -bend or less.
 *
 * @param scale - with sd > 0
 * @returns Infinity if loss ≤ -bend
 */
export function targetAt(scale: WarpScale, loss: number): number {
  const { bend, mean, sd, edge } = scale;
  const tangent = tangentOf(scale);
  if (loss > tangent.loss) return edge - (loss - tangent.loss) / tangent.slope;
  return loss > -bend ? (-Math.log1p(loss / bend) - mean) / sd : Number.POSITIVE_INFINITY;
}

/**
 * Returns the mean loss of a normally distributed target, with z = (w - μ) / σ, m = mean(u),
 * s = sd(u), and the loss and slope of the tangent at w:
 *
 *   c (exp(-(m + s μ) + s² σ² / 2) Φ(-z - s σ) - Φ(-z)) + loss Φ(z) + slope σ (z Φ(z) + φ(z))
 *
 * @param target - μ, the mean of the target
 * @param variance - σ², the variance of the target, above 0
 * @returns Infinity on overflow
 */
export function meanLoss(scale: WarpScale, target: number, variance: number): number {
  const { bend, mean, sd, edge } = scale;
  const exponent = -(mean + sd * target) + (sd * sd * variance) / 2;
  const deviation = Math.sqrt(variance);
  const z = (edge - target) / deviation;
  if (z < -Z_MAX) return bend * Math.expm1(exponent);
  const { loss, slope } = tangentOf(scale);
  const warped = bend * (Math.exp(exponent + logNormalCdf(-z - sd * deviation)) - normalCdf(-z));
  return warped + loss * normalCdf(z) + slope * deviation * (z * normalCdf(z) + normalDensity(z));
}

function warpedLoss({ bend, mean, sd }: WarpScale, target: number): number {
  return bend * Math.expm1(-(mean + sd * target));
}

/** Returns the largest loss, and the slope -∂l/∂t there: s (c + l). */
function tangentOf(scale: WarpScale): { readonly loss: number; readonly slope: number } {
  const loss = warpedLoss(scale, scale.edge);
  return { loss, slope: scale.sd * (scale.bend + loss) };
}

/** Returns targets of 0, which do not depend on the bend, for equal losses. */
function constant(n: number, scale: WarpScale): Warped {
  const zeros = new Float64Array(n);
  return { ...scale, targets: zeros, targetSlopes: zeros, sdSlope: 0, logJacobian: 0, logJacobianSlope: 0 };
}
