// The surrogate of the objective: a Gaussian process over warped losses (targets), with the most
// probable parameters for a study's observations.

import { upperMedian } from "../numeric/vector.js";
import type { StudyHistory } from "../objective/observation.js";
import type { DesignSpace } from "../space/design-space.js";
import type { ParameterValues } from "../space/parameter.js";
import { type FittedParameters, fitParameters, type Warping } from "./fit.js";
import { withPoints } from "./gaussian-process/model.js";
import { conditionOn, type Posterior } from "./gaussian-process/posterior.js";
import { type Sample, sampleOf, thin } from "./observation/observed-losses.js";
import { type Warped, warp } from "./warping/log-warp.js";
import { targetNoise } from "./warping/target-noise.js";

/**
 * Upper limit of observations for the fit of the parameters. The cost is cubic, and further
 * observations hardly change the estimates.
 */
const FIT_POINTS_MAX = 150;

/** A Gaussian process conditioned on a study's observations, with the scales of its targets. */
export interface Surrogate {
  readonly sample: Sample;
  readonly parameters: FittedParameters;
  readonly warped: Warped;
  /** Posterior of the targets. Its points are the observed ones, followed by the pending ones. */
  readonly posterior: Posterior;
}

/** The settings of a fit; the history is an argument of its own. */
interface FitSettings {
  /**
   * Values of trials under way; the posterior has their points and no targets for them.
   *
   * @default none
   */
  readonly pending?: readonly ParameterValues[];
  /** @default fitted */
  readonly warping?: Warping;
}

/**
 * Fits a surrogate to the completed trials of a history, of which there is at least one.
 *
 * @returns undefined if rounding errors leave no positive definite covariance
 */
export function fitSurrogate(
  history: StudyHistory,
  design: DesignSpace,
  { pending = [], warping = "fitted" }: FitSettings = {},
): Surrogate | undefined {
  const sample = sampleOf(history, design, warping === "fitted" ? "median" : "decile");
  const parameters = fitParameters(thin(sample, FIT_POINTS_MAX), warping);
  return surrogateAt(sample, parameters, pending.map(design.encode));
}

/**
 * Observations per kernel parameter (d length scales, signal, noise) from which the fitted noise
 * is used. With fewer, the fit cannot distinguish noise from detail of the objective.
 */
const NOISE_OBSERVATIONS_PER_PARAMETER = 5;

/** Returns true if the noise variance is stated, or observations suffice to estimate it. */
export function isNoiseKnown({ points, noise }: Sample): boolean {
  return noise !== undefined || points.count >= NOISE_OBSERVATIONS_PER_PARAMETER * (points.kinds.length + 2);
}

/**
 * Conditions a Gaussian process with given parameters on a sample.
 *
 * @param pending - points of trials under way, each of shape (d,)
 * @returns undefined if rounding errors leave no positive definite covariance
 */
export function surrogateAt(
  sample: Sample,
  fitted: FittedParameters,
  pending: readonly Float64Array[] = [],
): Surrogate | undefined {
  const { points, losses, noise } = sample;
  const warped = warp(losses, fitted.bend);
  const stated = noise && targetNoise({ losses, noise }, warped).variances;
  const parameters = stated === undefined ? fitted : withStatedNoise(fitted, stated);
  const posterior = conditionOn(withPoints(points, pending), warped.targets, parameters);
  return posterior === undefined ? undefined : { sample, parameters, warped, posterior };
}

/**
 * Adds the stated noise variances to the parameters. If every observation states its noise, their
 * median replaces the fitted noise variance: it is the best estimate for the next measurement.
 */
function withStatedNoise(fitted: FittedParameters, stated: Float64Array): FittedParameters {
  if (stated.some(Number.isNaN)) return { ...fitted, statedNoise: stated };
  const median = upperMedian(stated) as number;
  return { ...fitted, statedNoise: stated, noiseVariance: Math.min(1, median) };
}
