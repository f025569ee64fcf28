// The probability that a trial ends with an objective, by Gaussian processes of their own. The
// surrogate of the objective does not see trials without one: invented bad values would bend it.
//
//   g   latent function with prior mean 1; label 1 for a trial with an objective, -1 without
//   P   Φ(mean of g / √(variance of g + noise)); Rasmussen, Williams, Gaussian Processes for
//       Machine Learning, 2006, eq. 3.25 with a Gaussian approximation of the posterior
//
// An infeasible trial is infeasible because of its values: its label has little noise. A failed
// trial may have failed by accident: the noise of its label is chosen by the likelihood of all
// labels.

import type { Evaluation } from "../../../numeric/bounded-minimum.js";
import { logNormalCdf, logNormalCdfSlope } from "../../../numeric/normal-distribution.js";
import { packedLength } from "../../../numeric/triangle.js";
import type { KernelParameters, PointSet } from "../../../surrogate/gaussian-process/model.js";
import { conditionOn, type Posterior } from "../../../surrogate/gaussian-process/posterior.js";
import type { Acquisition } from "../acquisition/acquisition.js";

const PRIOR_MEAN = 1;
/** Label of a trial without an objective, minus the prior mean. */
const LABEL_STEP = -2;
const SIGNAL_VARIANCE = 1;
/**
 * Prior variance of the mean of g. If most trials are infeasible, points far from all of them are
 * probably infeasible too. The model of failures has a fixed mean.
 */
const INFEASIBLE_MEAN_VARIANCE = 1;
/** Noise variance of the labels: sd 0.1, so that contradictory neighbours are possible. */
const INFEASIBLE_NOISE_VARIANCE = 0.01;
/**
 * Upper limit of the length scales. A parameter with little effect on the objective may still
 * decide feasibility.
 */
const LENGTH_SCALE_MAX = 0.5;

/**
 * Noise variances of the labels of failures, from pure chance to nearly none, with log prior
 * weights: most failures have causes unrelated to the values.
 */
const FAILURE_NOISES = [
  { variance: 1, logPrior: 0 },
  { variance: 0.1, logPrior: -1 },
  { variance: 0.01, logPrior: -2 },
] as const;

/** Ended trials with their labels. */
export interface Labels {
  /** The trials with an objective come first. */
  readonly points: PointSet;
  /** Number of trials with an objective. */
  readonly good: number;
  /** Length scales of the surrogate of the objective, shape (d,). */
  readonly lengthScales: Float64Array;
}

/**
 * Returns the log probability that a trial is feasible.
 *
 * @returns undefined if rounding errors leave no positive definite covariance
 */
export function feasibilityOf(labels: Labels): Acquisition | undefined {
  const latent = latentProcess(labels, {
    noiseVariance: INFEASIBLE_NOISE_VARIANCE,
    meanVariance: INFEASIBLE_MEAN_VARIANCE,
  });
  return latent && new ProbitFeasibility(latent);
}

/**
 * Returns the log probability that a trial does not fail. A failure among successes hardly changes
 * the probability; failures that cluster make it small there.
 *
 * @returns undefined if rounding errors leave no positive definite covariance
 */
export function reliabilityOf(labels: Labels): Acquisition | undefined {
  const [likeliest] = FAILURE_NOISES.flatMap(({ variance, logPrior }) => {
    const latent = latentProcess(labels, { noiseVariance: variance });
    return latent === undefined ? [] : [{ latent, evidence: logPrior + logEvidence(latent) }];
  }).sort((a, b) => b.evidence - a.evidence);
  return likeliest && new ProbitFeasibility(likeliest.latent);
}

function latentProcess(
  { points, good, lengthScales }: Labels,
  variances: Pick<KernelParameters, "noiseVariance" | "meanVariance">,
): Posterior | undefined {
  const targets = Float64Array.from({ length: points.count }, (_, i) => (i < good ? 0 : LABEL_STEP));
  return conditionOn(points, targets, {
    lengthScales: lengthScales.map((length) => Math.min(length, LENGTH_SCALE_MAX)),
    signalVariance: SIGNAL_VARIANCE,
    ...variances,
  });
}

/**
 * Returns the log marginal likelihood of the labels up to a constant (Rasmussen, Williams, eq.
 * 2.30).
 */
function logEvidence({ inverseFactor, whitenedTargets }: Posterior): number {
  return whitenedTargets.reduce(
    (sum, z, i) => sum - 0.5 * z * z + Math.log(inverseFactor[packedLength(i + 1) - 1] as number),
    0,
  );
}

class ProbitFeasibility implements Acquisition {
  readonly #latent: Posterior;
  readonly #noise: number;

  constructor(latent: Posterior) {
    this.#latent = latent;
    this.#noise = latent.parameters.noiseVariance;
  }

  value(point: Float64Array): number {
    return this.#valueAt(point, this.#latent.whiten(point));
  }

  values(points: readonly Float64Array[]): Float64Array {
    const whitened = this.#latent.whitenEach(points);
    return Float64Array.from(points, (point, i) => this.#valueAt(point, whitened[i] as Float64Array));
  }

  #valueAt(point: Float64Array, whitened: Float64Array): number {
    const sd = Math.sqrt(this.#latent.varianceOf(whitened) + this.#noise);
    return logNormalCdf((PRIOR_MEAN + this.#latent.meanOf(point, whitened)) / sd);
  }

  evaluate(point: Float64Array): Evaluation {
    const latent = this.#latent;
    const whitened = latent.whiten(point);
    const sd = Math.sqrt(latent.varianceOf(whitened) + this.#noise);
    const z = (PRIOR_MEAN + latent.meanOf(point, whitened)) / sd;
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
