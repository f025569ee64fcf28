// The log marginal likelihood ln p(y | θ) of the observations and its derivatives, in the notation
// of gaussian-density.ts.
//
//   y   targets                                   shape (n,), mean 0, variance 1
//   K   covariance of y, see covariance.ts        packed, n rows
//   θ   logarithms of the d length scales, the
//       signal variance and the noise variance    shape (d + 2,)
//   Δ²  squared differences of pairs              shape (d, pairs)
//   c   correlations of pairs                     shape (pairs,)

import { GaussianDensity } from "../../numeric/distribution/gaussian-density.js";
import { dot } from "../../numeric/vector.js";
import { correlatePairs } from "./batched-correlations.js";
import { PriorCovariance, pairDifferences } from "./covariance.js";
import { detailCorrelation } from "./matern.js";
import { type KernelParameters, noiseAt, type PointSet } from "./model.js";

/** The derivatives of the log marginal likelihood. The arrays belong to the caller. */
export interface LikelihoodSlopes {
  /** ∂ln p / ∂θ; shape (d + 2,). */
  readonly gradient: Float64Array;
  /** Derivatives by the noise variance of each observation; shape (n,). */
  readonly byNoise: Float64Array;
  /** α = -∂ln p / ∂y; shape (n,). */
  readonly alpha: Float64Array;
}

/**
 * The marginal likelihood at one set of points. The constructor computes the differences of pairs,
 * which do not depend on the parameters, and allocates the buffers of all calls.
 */
export class MarginalLikelihood {
  readonly #n: number;
  readonly #d: number;
  /** Δ²; shape (d, pairs). */
  readonly #differences: Float64Array;
  /** c; shape (pairs,). */
  readonly #correlations: Float64Array;
  /** ∂c/∂s; shape (pairs,). `#weigh` multiplies them with W. */
  readonly #slopes: Float64Array;
  /** Correlations of detail, shape (pairs,); computed on first use. */
  #details: Float64Array | undefined;
  readonly #density: GaussianDensity;
  readonly #byNoise: Float64Array;
  /** The arguments of the latest density; undefined after the inversion of K. */
  #latest: readonly [KernelParameters, Float64Array] | undefined;

  constructor(points: PointSet) {
    this.#n = points.count;
    this.#d = points.kinds.length;
    this.#differences = pairDifferences(points);
    const pairs = (this.#n * (this.#n - 1)) / 2;
    this.#correlations = new Float64Array(pairs);
    this.#slopes = new Float64Array(pairs);
    this.#density = new GaussianDensity(this.#n);
    this.#byNoise = new Float64Array(this.#n);
  }

  /**
   * Returns the log marginal likelihood.
   *
   * @param targets - shape (n,)
   * @returns undefined if K cannot be factorised
   */
  valueAt(parameters: KernelParameters, targets: Float64Array): number | undefined {
    const weights = parameters.lengthScales.map((length) => 1 / length ** 2);
    correlatePairs(this.#differences, weights, { correlations: this.#correlations, slopes: this.#slopes });
    this.#fillCovariance(parameters);
    const value = this.#density.logDensity(targets);
    this.#latest = value === undefined ? undefined : [parameters, targets];
    return value;
  }

  #fillCovariance(parameters: KernelParameters): void {
    const prior = new PriorCovariance(parameters);
    const [matrix, correlations] = [this.#density.covariance, this.#correlations];
    if (prior.hasDetail) this.#details ??= detailCorrelations(this.#differences, this.#d);
    const details = prior.hasDetail ? this.#details : undefined;
    for (let i = 0, at = 0, pair = 0; i < this.#n; i++) {
      for (let j = 0; j < i; j++, pair++) {
        const detail = details === undefined ? 0 : (details[pair] as number);
        matrix[at++] = prior.between(correlations[pair] as number, detail);
      }
      matrix[at++] = prior.variance + noiseAt(parameters, i);
    }
  }

  /**
   * Returns the derivatives of the log marginal likelihood. The factor of the latest `valueAt` is
   * reused if its arguments were the same objects; otherwise `valueAt` runs first.
   *
   * @throws {Error} if K cannot be factorised
   */
  slopesAt(parameters: KernelParameters, targets: Float64Array): LikelihoodSlopes {
    const isLatest = this.#latest?.[0] === parameters && this.#latest[1] === targets;
    if (!isLatest && this.valueAt(parameters, targets) === undefined) {
      throw new Error("the covariance matrix cannot be factorised");
    }
    this.#latest = undefined;
    const { lengthScales, signalVariance, noiseVariance, statedNoise } = parameters;
    const d = this.#d;
    const { signal, trace, fitted } = this.#weigh(statedNoise);
    const gradient = new Float64Array(d + 2);
    const pairs = this.#slopes.length;
    for (let k = 0; k < d; k++) {
      const byScale = dot(this.#slopes, this.#differences.subarray(k * pairs, (k + 1) * pairs));
      // ∂s/∂ln ℓ = -2 Δ² / ℓ². The sum over both triangles is twice this sum: ½ · 2 = 1.
      gradient[k] = (-2 * signalVariance * byScale) / (lengthScales[k] as number) ** 2;
    }
    gradient[d] = signalVariance * (signal + trace / 2);
    gradient[d + 1] = (noiseVariance * fitted) / 2;
    return { gradient, byNoise: this.#byNoise.slice(), alpha: this.#density.alpha.slice() };
  }

  /**
   * Multiplies each slope with its W_ij, fills `#byNoise` with ½ W_ii, and returns three sums:
   * signal = Σ_{j<i} W_ij c_ij, trace = Σ W_ii, and fitted = Σ W_ii over the observations without a
   * stated noise. Inverts K.
   */
  #weigh(statedNoise: Float64Array | undefined) {
    const [inverse, { alpha }] = [this.#density.invert(), this.#density];
    const [correlations, slopes] = [this.#correlations, this.#slopes];
    let [signal, trace, fitted] = [0, 0, 0];
    for (let i = 0, at = 0, pair = 0; i < this.#n; i++) {
      const alphaI = alpha[i] as number;
      for (let j = 0; j < i; j++, pair++) {
        const weight = alphaI * (alpha[j] as number) - (inverse[at++] as number);
        signal += weight * (correlations[pair] as number);
        slopes[pair] = weight * (slopes[pair] as number);
      }
      const weight = alphaI * alphaI - (inverse[at++] as number);
      this.#byNoise[i] = weight / 2;
      trace += weight;
      if (Number.isNaN(statedNoise?.[i] ?? Number.NaN)) fitted += weight;
    }
    return { signal, trace, fitted };
  }
}

/**
 * Returns the correlations of detail; shape (pairs,).
 *
 * @param differences - Δ², shape (d, pairs)
 */
function detailCorrelations(differences: Float64Array, d: number): Float64Array {
  const pairs = differences.length / d;
  return Float64Array.from({ length: pairs }, (_, pair) => {
    let square = 0;
    for (let k = 0; k < d; k++) square += differences[k * pairs + pair] as number;
    return detailCorrelation(square, d);
  });
}
