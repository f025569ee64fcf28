// One outcome at a point, under fantasies of unknown values.
//
//   v       L⁻¹ k for observed points and points with fantasies
//   ε       a fantasy: independent standard normals for the points without targets, shape (q,)
//   μ(ε)    posterior mean under a fantasy, vᵀ (z, ε); the variance σ² is the same under all

import { dot } from "../../../numeric/vector.js";
import type { Posterior } from "../../../surrogate/gaussian-process/posterior.js";

/** The posterior of an outcome with its fantasies. Reuses the arrays of one point for the next. */
export class FantasyOutcome {
  readonly posterior: Posterior;
  /** Standard deviation σ at the latest point. */
  sd = 0;
  /** μ(ε) at the latest point for each fantasy. */
  readonly means: Float64Array;
  /** Derivative of the caller's function by each entry of `means`, which the caller fills. */
  readonly byMeans: Float64Array;
  /** Derivative of the caller's function by `sd`. */
  bySd = 0;
  /** Number of points with a target. They come first. */
  readonly #known: number;
  readonly #samples: readonly Float64Array[];
  #whitened: Float64Array;
  readonly #byWhitened: Float64Array;

  /** @param samples - at least one fantasy ε, each of shape (q,) */
  constructor(posterior: Posterior, samples: readonly Float64Array[]) {
    this.posterior = posterior;
    this.#samples = samples;
    this.#known = posterior.points.count - (samples[0]?.length ?? 0);
    this.means = new Float64Array(samples.length);
    this.byMeans = new Float64Array(samples.length);
    this.#byWhitened = new Float64Array(posterior.points.count);
    this.#whitened = this.#byWhitened;
  }

  /**
   * Computes `sd` and `means` at a point.
   *
   * @param whitened - v at the point
   */
  place(whitened: Float64Array): void {
    this.#whitened = whitened;
    this.sd = Math.sqrt(this.posterior.varianceOf(whitened));
    const mean = dot(whitened, this.posterior.whitenedTargets);
    for (let s = 0; s < this.#samples.length; s++) {
      const sample = this.#samples[s] as Float64Array;
      let sum = mean;
      for (let j = 0; j < sample.length; j++) sum += (sample[j] as number) * (whitened[this.#known + j] as number);
      this.means[s] = sum;
    }
  }

  /** Sets the derivatives to 0. */
  clearSlopes(): void {
    this.byMeans.fill(0);
    this.bySd = 0;
  }

  /** Returns the gradient of the caller's function at the latest point, shape (d,). */
  gradient(point: Float64Array): Float64Array {
    const gradient = this.#byWhitened.fill(0);
    let byMean = 0;
    for (let s = 0; s < this.#samples.length; s++) {
      const slope = this.byMeans[s] as number;
      byMean += slope;
      const sample = this.#samples[s] as Float64Array;
      for (let j = 0; j < sample.length; j++) {
        gradient[this.#known + j] = (gradient[this.#known + j] as number) + slope * (sample[j] as number);
      }
    }
    const { whitenedTargets } = this.posterior;
    const share = this.bySd / this.sd;
    for (let i = 0; i < gradient.length; i++) {
      const byThis = byMean * (whitenedTargets[i] as number) - share * (this.#whitened[i] as number);
      gradient[i] = (gradient[i] as number) + byThis;
    }
    return this.posterior.gradient(point, gradient);
  }
}
