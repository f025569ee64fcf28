// How likely a trial is to end with an objective at all. A process of its own learns it, so that infeasible trials leave
// the process of the objective as it is: a made-up bad value next to a good one would bend it for nothing.
//
//   g   latent function with prior mean 1; observed as 1 where a trial was feasible and -1 where it was not
//   P   Φ(mean / √(variance + noise)): Rasmussen, Williams, eq. 3.25 for a Gaussian approximation

import { logNormalCdf, logNormalCdfSlope } from "../../../numeric/normal-distribution.js";
import type { Acquisition, Slope } from "../acquisition/acquisition.js";
import type { PointSet } from "../gaussian-process/model.js";
import { conditionOn, type Posterior } from "../gaussian-process/posterior.js";

const PRIOR_MEAN = 1;
const LABEL_STEP = -2;
const SIGNAL_VARIANCE = 1;
/** A label is certain to about a tenth, so that contradictory neighbours are no catastrophe. */
const NOISE_VARIANCE = 0.01;
/** A parameter that hardly moves the objective may still decide whether there is one. */
const LENGTH_SCALE_MAX = 0.5;

/**
 * The logarithm of the probability that a trial is feasible.
 *
 * @param points - of ended trials, the feasible ones first
 * @param feasible - number of these
 * @param lengthScales - those of the objective
 * @returns undefined if rounding leaves no process that can be computed with
 */
export function feasibilityOf(points: PointSet, feasible: number, lengthScales: Float64Array): Acquisition | undefined {
  const targets = Float64Array.from({ length: points.count }, (_, i) => (i < feasible ? 0 : LABEL_STEP));
  const parameters = {
    lengthScales: lengthScales.map((length) => Math.min(length, LENGTH_SCALE_MAX)),
    signalVariance: SIGNAL_VARIANCE,
    noiseVariance: NOISE_VARIANCE,
  };
  const posterior = conditionOn(points, targets, parameters);
  return posterior === undefined ? undefined : new ProbitFeasibility(posterior);
}

class ProbitFeasibility implements Acquisition {
  readonly #latent: Posterior;

  constructor(latent: Posterior) {
    this.#latent = latent;
  }

  value(point: Float64Array): number {
    const { mean, variance } = this.#latent.predict(point);
    return logNormalCdf((PRIOR_MEAN + mean) / Math.sqrt(variance + NOISE_VARIANCE));
  }

  valueAndGradient(point: Float64Array): Slope {
    const { mean, variance } = this.#latent.predict(point);
    const whitened = this.#latent.whiten(point);
    const sd = Math.sqrt(variance + NOISE_VARIANCE);
    const z = (PRIOR_MEAN + mean) / sd;
    // ∂z/∂v = targets / sd + z v / sd², for the variance falls with vᵀ v.
    const slope = logNormalCdfSlope(z);
    const byWhitened = whitened.map(
      (v, i) => slope * ((this.#latent.whitenedTargets[i] as number) / sd + (z * v) / (sd * sd)),
    );
    return { value: logNormalCdf(z), gradient: this.#latent.gradient(point, byWhitened) };
  }
}
