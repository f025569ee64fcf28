// Maximum a posteriori estimates of the kernel's parameters and of the warp's bend.
//
//   l   losses                                         shape (n,), in units of the median loss
//   c   bend of the warp, above 0                      in the unit of l
//   u   -ln(1 + l / c)                                 shape (n,)
//   t   targets: u, standardised                       shape (n,), mean 0, variance 1
//   θ   logarithms of the d length scales, the signal
//       variance, the noise variance and the bend      shape (d + 3,)
//   σ   standard deviation of a typical stated noise   in the unit of l
//
//   maximise over θ:   ln p(t | θ) + Σ ln |∂t/∂l| + ln p(θ)

import { upperMedian } from "../numeric/vector.js";
import { MarginalLikelihood } from "./gaussian-process/marginal-likelihood.js";
import type { KernelParameters, PointSet } from "./gaussian-process/model.js";
import {
  BEND_PRIOR,
  type LogNormalPrior,
  lengthScalePrior,
  MEAN_VARIANCE,
  NOISE_PRIOR,
  nominalScalePrior,
  SIGNAL_PRIOR,
} from "./gaussian-process/prior.js";
import { type Sample, thin } from "./observation/observed-losses.js";
import { posteriorMaximum } from "./posterior-maximum.js";

/** The kernel's parameters and the bend of the warp, as the observations determine them. */
export interface FittedParameters extends KernelParameters {
  readonly bend: number;
}

/**
 * `fitted`: the bend of the warp is estimated. `none`: the bend is at its upper bound, where
 * targets are nearly linear in the losses.
 */
export type Warping = "fitted" | "none";

/**
 * Upper limit of points on which the starts are compared. The comparison costs little beside the
 * fit, whose cost is cubic in the number of points.
 */
const COMPARISON_POINTS_MAX = 40;
/** Upper limit of steps from each start before the comparison. */
const COMPARISON_STEPS_MAX = 10;

/**
 * Smallest bend in units of σ. At the best loss, the curvature of the warp shifts the mean of u by
 * ½ (σ / c)². With c = 10 σ the shift is a twentieth of σ / c, the noise of u.
 */
const BEND_NOISE_SDS_MIN = 10;

/**
 * Returns the parameters at the maximum of the posterior density of θ. The maximisation continues
 * from the best of several starts, and may end at a local maximum.
 *
 * @param sample - at least one point of at least one dimension
 * @returns parameters within the priors' bounds, for any finite losses
 */
export function fitParameters(sample: Sample, warping: Warping = "fitted"): FittedParameters {
  return posteriorMaximum({
    data: sample,
    few: thin(sample, COMPARISON_POINTS_MAX),
    comparisonSteps: COMPARISON_STEPS_MAX,
    priors: priorsOf(sample, warping),
    dimensions: sample.points.kinds.length,
    likelihoodOf: ({ points }) => new MarginalLikelihood(points),
    parametersAt,
  });
}

function priorsOf({ points, noise }: Sample, warping: Warping): LogNormalPrior[] {
  const min = warping === "none" ? BEND_PRIOR.max : bendMin(noise);
  return [...scalePriorsOf(points), SIGNAL_PRIOR, NOISE_PRIOR, { ...BEND_PRIOR, min }];
}

/** Returns the priors of the length scales of points. */
export function scalePriorsOf({ kinds }: Pick<PointSet, "kinds">): LogNormalPrior[] {
  const d = kinds.length;
  const nominal = kinds.filter(({ isNominal }) => isNominal).length;
  return kinds.map(({ isNominal }) => (isNominal ? nominalScalePrior(d, nominal) : lengthScalePrior(d)));
}

/**
 * Returns the lower bound of the bend. The noise of a target is proportional to 1 / (c + l) at the
 * observed loss l. With a bend within the noise, lucky trials have larger noise and less weight
 * than unlucky trials, and all posterior means are too low.
 */
export function bendMin(noise: Float64Array | undefined): number {
  const stated = noise?.filter((variance) => !Number.isNaN(variance)) ?? [];
  const typical = Math.sqrt(upperMedian(stated) ?? 0);
  return Math.min(BEND_PRIOR.max, Math.max(BEND_PRIOR.min, BEND_NOISE_SDS_MIN * typical));
}

/**
 * Returns the parameters at θ.
 *
 * @param logarithms - θ, shape (d + 3,)
 */
export function parametersAt(logarithms: Float64Array): FittedParameters {
  const d = logarithms.length - 3;
  return {
    lengthScales: logarithms.slice(0, d).map(Math.exp),
    signalVariance: Math.exp(logarithms[d] as number),
    noiseVariance: Math.exp(logarithms[d + 1] as number),
    bend: Math.exp(logarithms[d + 2] as number),
    meanVariance: MEAN_VARIANCE,
  };
}
