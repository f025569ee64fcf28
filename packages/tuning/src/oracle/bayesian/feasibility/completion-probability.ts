// The probability that a trial ends with an objective, by a Gaussian process with labels. The
// surrogate of the objective does not see trials without one: invented bad values would bend it.
//
//   g   latent function; a trial at x ends with an objective with probability Φ(g(x))
//   P   Φ(mean of g / √(1 + variance of g)); Rasmussen, Williams, Gaussian Processes for Machine
//       Learning, 2006, eq. 3.25

import type { Evaluation } from "../../../numeric/bounded-minimum.js";
import { logNormalCdf, logNormalCdfSlope } from "../../../numeric/distribution/normal-distribution.js";
import { packedLength } from "../../../numeric/triangle.js";
import { fillCovariance } from "../../../surrogate/gaussian-process/covariance.js";
import { pointAt, pointSet } from "../../../surrogate/gaussian-process/model.js";
import { conditionOn, type Posterior } from "../../../surrogate/gaussian-process/posterior.js";
import type { LogNormalPrior } from "../../../surrogate/gaussian-process/prior.js";
import type { Acquisition } from "../acquisition/acquisition.js";
import { propagate } from "./expectation-propagation.js";
import { fitLatent, type LabelledPoints, type LatentParameters, PRIOR_MEAN } from "./latent-fit.js";

/**
 * Prior of the latent variance s of infeasible trials. Values alone decide whether a trial is
 * infeasible: with s ≥ 100, labels have noise of at most a tenth of the latent function's standard
 * deviation, and few feasible trials among many infeasible ones are not taken for chance.
 */
const INFEASIBLE_VARIANCE: LogNormalPrior = { median: 200, spread: 1, min: 100, max: 1e4 };
/**
 * Prior of the latent variance of failed trials. Many failures have causes unrelated to the values;
 * then the variance is small and the probability hardly depends on the point.
 */
const FAILURE_VARIANCE: LogNormalPrior = { median: 0.3, spread: 2, min: 1e-3, max: 1e4 };

/** Upper limit of trials to which the parameters are fitted. The cost is cubic. */
const FITTED_MAX = 48;

/**
 * Returns the log probability that a trial is feasible.
 *
 * @returns undefined if rounding errors leave no positive definite covariance
 */
export function feasibilityOf(labelled: LabelledPoints): Acquisition | undefined {
  return probabilityOf(labelled, INFEASIBLE_VARIANCE);
}

/**
 * Returns the log probability that a trial does not fail. A failure among successes hardly changes
 * the probability; failures that cluster make it small there.
 *
 * @returns undefined if rounding errors leave no positive definite covariance
 */
export function reliabilityOf(labelled: LabelledPoints): Acquisition | undefined {
  return probabilityOf(labelled, FAILURE_VARIANCE);
}

function probabilityOf(labelled: LabelledPoints, variance: LogNormalPrior): Acquisition | undefined {
  const parameters = fitLatent(latestOf(labelled), variance);
  const latent = latentPosterior(labelled, parameters);
  return latent && new Completion(latent, PRIOR_MEAN * Math.sqrt(parameters.variance));
}

/** Returns the latest points of each label, at most FITTED_MAX. */
function latestOf({ points, labels }: LabelledPoints): LabelledPoints {
  const indices = labels.map((_, i) => i);
  const [good, bad] = [1, -1].map((label) => indices.filter((i) => labels[i] === label)) as [number[], number[]];
  const half = FITTED_MAX / 2;
  const fromBad = Math.min(bad.length, Math.max(half, FITTED_MAX - good.length));
  const fromGood = Math.min(good.length, FITTED_MAX - fromBad);
  const chosen = [...good.slice(good.length - fromGood), ...bad.slice(bad.length - fromBad)];
  return {
    points: pointSet(
      points.kinds,
      chosen.map((i) => pointAt(points, i)),
    ),
    labels: chosen.map((i) => labels[i] as 1 | -1),
  };
}

/** Returns the posterior of the latent values, less their prior mean. */
function latentPosterior(
  { points, labels }: LabelledPoints,
  { lengthScales, variance }: LatentParameters,
): Posterior | undefined {
  const prior = { lengthScales, signalVariance: variance, meanVariance: variance, noiseVariance: 0 };
  const covariance = new Float64Array(packedLength(points.count));
  fillCovariance(points, prior, covariance);
  const mean = PRIOR_MEAN * Math.sqrt(variance);
  const sites = propagate({ labels, mean, covariance });
  return sites && conditionOn(points, sites.targets, { ...prior, statedNoise: sites.noise });
}

class Completion implements Acquisition {
  readonly #latent: Posterior;
  readonly #priorMean: number;

  constructor(latent: Posterior, priorMean: number) {
    this.#latent = latent;
    this.#priorMean = priorMean;
  }

  value(point: Float64Array): number {
    return this.#valueAt(point, this.#latent.whiten(point));
  }

  values(points: readonly Float64Array[]): Float64Array {
    const whitened = this.#latent.whitenEach(points);
    return Float64Array.from(points, (point, i) => this.#valueAt(point, whitened[i] as Float64Array));
  }

  #valueAt(point: Float64Array, whitened: Float64Array): number {
    const sd = Math.sqrt(this.#latent.varianceOf(whitened) + 1);
    return logNormalCdf((this.#priorMean + this.#latent.meanOf(point, whitened)) / sd);
  }

  evaluate(point: Float64Array): Evaluation {
    const latent = this.#latent;
    const whitened = latent.whiten(point);
    const sd = Math.sqrt(latent.varianceOf(whitened) + 1);
    const z = (this.#priorMean + latent.meanOf(point, whitened)) / sd;
    return {
      value: logNormalCdf(z),
      gradient() {
        // ∂z/∂v = targets / sd + z v / sd², because the variance is a constant minus vᵀ v.
        const slope = logNormalCdfSlope(z);
        const byWhitened = whitened.map(
          (v, i) => slope * ((latent.whitenedTargets[i] as number) / sd + (z * v) / (sd * sd)),
        );
        return latent.gradient(point, byWhitened);
      },
    };
  }
}
