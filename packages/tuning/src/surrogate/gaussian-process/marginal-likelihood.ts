// The logarithm of the marginal likelihood of the observations and its gradient by the logarithms of the kernel's
// parameters: Rasmussen, Williams, eqs. 5.8 and 5.9.
//
//   K   signal c(s) + detail + mean + noise I   packed, n rows
//   α   K⁻¹ y                       shape (n,)
//   W   α αᵀ - K⁻¹                  packed, n rows: the gradient by θ is ½ Σ W ∂K/∂θ

import {
  factorizeWithJitter,
  logDeterminant,
  solveLowerInPlace,
  solveLowerTransposedInPlace,
} from "../../numeric/cholesky.js";
import { invertFromFactor, invertLower, packedLength } from "../../numeric/triangle.js";
import { correlatePairs } from "./batched-correlations.js";
import { pairDifferences } from "./covariance.js";
import { detailCorrelation } from "./matern.js";
import { type KernelParameters, noiseAt, type PointSet } from "./model.js";

/** Derivatives of the logarithm. */
export interface LikelihoodSlopes {
  /** By the logarithms of: each length scale, the signal variance, the noise variance; shape (d + 2,). */
  readonly gradient: Float64Array;
  /** By the variance of each observation's noise; shape (n,). Overwritten by the next call. */
  readonly byNoise: Float64Array;
  /** K⁻¹ y, which is the falling gradient by the targets; shape (n,). Overwritten by the next call. */
  readonly alpha: Float64Array;
}

/** The likelihood of one set of points: what does not depend on the parameters is computed once, memory is kept. */
export class MarginalLikelihood {
  readonly #n: number;
  readonly #d: number;
  /** Squared, shape (d, pairs). */
  readonly #differences: Float64Array;
  /** Shape (pairs,): correlations, and their derivatives by the squared distance. */
  readonly #correlations: Float64Array;
  readonly #slopes: Float64Array;
  /** Correlations of detail, shape (pairs,); once they are needed. */
  #details: Float64Array | undefined;
  readonly #matrix: Float64Array;
  readonly #factor: Float64Array;
  readonly #alpha: Float64Array;
  readonly #byNoise: Float64Array;
  /** The arguments of the factor and of alpha in memory; undefined after their memory was reused. */
  #latest: readonly [KernelParameters, Float64Array] | undefined;

  constructor(points: PointSet) {
    this.#n = points.count;
    this.#d = points.kinds.length;
    this.#differences = pairDifferences(points);
    const pairs = (this.#n * (this.#n - 1)) / 2;
    this.#correlations = new Float64Array(pairs);
    this.#slopes = new Float64Array(pairs);
    this.#matrix = new Float64Array(packedLength(this.#n));
    this.#factor = new Float64Array(packedLength(this.#n));
    this.#alpha = new Float64Array(this.#n);
    this.#byNoise = new Float64Array(this.#n);
  }

  /**
   * Returns the log marginal likelihood.
   *
   * @param targets - shape (n,)
   * @returns undefined where the covariance matrix cannot be factorised
   */
  valueAt(parameters: KernelParameters, targets: Float64Array): number | undefined {
    const n = this.#n;
    const weights = parameters.lengthScales.map((length) => 1 / length ** 2);
    correlatePairs(this.#differences, weights, { correlations: this.#correlations, slopes: this.#slopes });
    this.#latest = undefined;
    this.#fillMatrix(parameters);
    if (!factorizeWithJitter(this.#matrix, n, this.#factor)) return undefined;
    const alpha = this.#alpha;
    alpha.set(targets);
    solveLowerInPlace(this.#factor, alpha);
    solveLowerTransposedInPlace(this.#factor, alpha);
    this.#latest = [parameters, targets];
    let fit = 0;
    for (let i = 0; i < n; i++) fit += (targets[i] as number) * (alpha[i] as number);
    return -0.5 * (fit + logDeterminant(this.#factor, n) + n * Math.log(2 * Math.PI));
  }

  #fillMatrix(parameters: KernelParameters): void {
    const { signalVariance, detailVariance = 0, meanVariance = 0 } = parameters;
    const [matrix, correlations] = [this.#matrix, this.#correlations];
    if (detailVariance > 0) this.#details ??= detailCorrelations(this.#differences, this.#d);
    const details = detailVariance > 0 ? this.#details : undefined;
    for (let i = 0, at = 0, pair = 0; i < this.#n; i++) {
      for (let j = 0; j < i; j++, pair++) {
        const detail = details === undefined ? 0 : detailVariance * (details[pair] as number);
        matrix[at++] = signalVariance * (correlations[pair] as number) + detail + meanVariance;
      }
      matrix[at++] = signalVariance + detailVariance + meanVariance + noiseAt(parameters, i);
    }
  }

  /**
   * Returns the derivatives of the log marginal likelihood. Costs as much as `valueAt` if these
   * objects were the arguments of its latest call, twice as much otherwise.
   *
   * @throws {Error} if the covariance matrix cannot be factorised
   */
  slopesAt(parameters: KernelParameters, targets: Float64Array): LikelihoodSlopes {
    const isLatest = this.#latest?.[0] === parameters && this.#latest[1] === targets;
    if (!isLatest && this.valueAt(parameters, targets) === undefined) {
      throw new Error("the covariance matrix cannot be factorised");
    }
    // The inverse takes the memory of the factor.
    this.#latest = undefined;
    const { lengthScales, signalVariance, noiseVariance, statedNoise } = parameters;
    const [n, d] = [this.#n, this.#d];
    invertLower(this.#factor, n, this.#matrix);
    invertFromFactor(this.#matrix, n, this.#factor);
    const { signal, trace, fitted } = this.#weigh(statedNoise);
    const gradient = new Float64Array(d + 2);
    const pairs = this.#slopes.length;
    for (let k = 0; k < d; k++) {
      const byScale = dot(this.#slopes, this.#differences.subarray(k * pairs, (k + 1) * pairs));
      // ∂s/∂ln ℓ = -2 w Δ²; both triangles of the matrix count, which cancels the half.
      gradient[k] = (-2 * signalVariance * byScale) / (lengthScales[k] as number) ** 2;
    }
    gradient[d] = signalVariance * (signal + trace / 2);
    gradient[d + 1] = (noiseVariance * fitted) / 2;
    return { gradient, byNoise: this.#byNoise.slice(), alpha: this.#alpha.slice() };
  }

  /** Multiplies the slopes with W, and sums W: with the correlations, its diagonal, and that of points without a stated noise. */
  #weigh(statedNoise: Float64Array | undefined) {
    const [inverse, alpha, correlations, slopes] = [this.#factor, this.#alpha, this.#correlations, this.#slopes];
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

/** Of pairs whose squared differences are given by dimension, shape (d, pairs). */
function detailCorrelations(differences: Float64Array, d: number): Float64Array {
  const pairs = differences.length / d;
  return Float64Array.from({ length: pairs }, (_, pair) => {
    let square = 0;
    for (let k = 0; k < d; k++) square += differences[k * pairs + pair] as number;
    return detailCorrelation(square, d);
  });
}

function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += (a[i] as number) * (b[i] as number);
  return sum;
}
