// How likely a trial is to end with an objective at all. Processes of their own learn it, so that such trials leave the
// process of the objective as it is: a made-up bad value next to a good one would bend it for nothing.
//
//   g   latent function with prior mean 1; observed as 1 where a trial had an objective and -1 where it had none
//   P   Φ(mean / √(variance + noise)): Rasmussen, Williams, eq. 3.25 for a Gaussian approximation
//
// An infeasible trial is one because of its values. A failed one may be, or may have met with an accident: then the label
// is mostly noise. How much noise is what the failed trials themselves tell best, by the likelihood of all labels.

import type { Evaluation } from "../../../numeric/bounded-minimum.js";
import { logNormalCdf, logNormalCdfSlope } from "../../../numeric/normal-distribution.js";
import { packedLength } from "../../../numeric/triangle.js";
import type { KernelParameters, PointSet } from "../../../surrogate/gaussian-process/model.js";
import { conditionOn, type Posterior } from "../../../surrogate/gaussian-process/posterior.js";
import type { Acquisition } from "../acquisition/acquisition.js";

const PRIOR_MEAN = 1;
const LABEL_STEP = -2;
const SIGNAL_VARIANCE = 1;
/**
 * Where most trials were infeasible, one far away from all most likely is so too: the mean is not known. Failures say nothing
 * of elsewhere.
 */
const INFEASIBLE_MEAN_VARIANCE = 1;
/** A label is certain to about a tenth, so that contradictory neighbours are no catastrophe. */
const INFEASIBLE_NOISE_VARIANCE = 0.01;
/** A parameter that hardly moves the objective may still decide whether there is one. */
const LENGTH_SCALE_MAX = 0.5;

/**
 * Noise of the labels where trials failed, from mere chance to none, and how much less plausible each is than the first
 * beforehand: trainers mostly fail for reasons of their own.
 */
const FAILURE_NOISES = [
  { variance: 1, logPrior: 0 },
  { variance: 0.1, logPrior: -1 },
  { variance: 0.01, logPrior: -2 },
] as const;

/** Ended trials and which of them have an objective. */
export interface Labels {
  /** Those with an objective first. */
  readonly points: PointSet;
  /** Number of these. */
  readonly good: number;
  /** Those of the objective. */
  readonly lengthScales: Float64Array;
}

/**
 * The logarithm of the probability that a trial is feasible, by those that were and those that were not.
 *
 * @returns undefined if rounding leaves no process that can be computed with
 */
export function feasibilityOf(labels: Labels): Acquisition | undefined {
  const latent = latentProcess(labels, {
    noiseVariance: INFEASIBLE_NOISE_VARIANCE,
    meanVariance: INFEASIBLE_MEAN_VARIANCE,
  });
  return latent && new ProbitFeasibility(latent);
}

/**
 * The logarithm of the probability that a trial does not fail, by those that did and those that did not. A failure among
 * successes hardly changes it; failures that keep to a place make it small there.
 *
 * @returns undefined if rounding leaves no process that can be computed with
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

/** Logarithm of the density of the labels, up to a constant: Rasmussen, Williams, eq. 2.30. */
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
        // ∂z/∂v = targets / sd + z v / sd², for the variance falls with vᵀ v.
        const slope = logNormalCdfSlope(z);
        const byWhitened = whitened.map(
          (v, i) => slope * ((latent.whitenedTargets[i] as number) / sd + (z * v) / (sd * sd)),
        );
        return latent.gradient(point, byWhitened);
      },
    };
  }
}
