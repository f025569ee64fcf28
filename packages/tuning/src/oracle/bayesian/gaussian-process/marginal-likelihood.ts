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
} from "../../../numeric/cholesky.js";
import { invertFromFactor, invertLower, packedLength } from "../../../numeric/triangle.js";
import { pairDifferences } from "./covariance.js";
import { detailCorrelation } from "./matern.js";
import { type KernelParameters, noiseAt, type PointSet } from "./model.js";

const SQRT_5 = Math.sqrt(5);

export interface LogMarginalLikelihood {
  readonly value: number;
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
   * @param targets - shape (n,)
   * @returns undefined where the covariance matrix cannot be factorised
   */
  at(parameters: KernelParameters, targets: Float64Array): LogMarginalLikelihood | undefined {
    const value = this.valueAt(parameters, targets);
    if (value === undefined) return undefined;
    return { value, gradient: this.#gradient(parameters), byNoise: this.#byNoise, alpha: this.#alpha };
  }

  /**
   * The logarithm alone, in about a third of the time.
   *
   * @param targets - shape (n,)
   * @returns undefined where the covariance matrix cannot be factorised
   */
  valueAt(parameters: KernelParameters, targets: Float64Array): number | undefined {
    const n = this.#n;
    this.#fillCorrelations(parameters.lengthScales);
    this.#fillMatrix(parameters);
    if (!factorizeWithJitter(this.#matrix, n, this.#factor)) return undefined;
    const alpha = this.#alpha;
    alpha.set(targets);
    solveLowerInPlace(this.#factor, alpha);
    solveLowerTransposedInPlace(this.#factor, alpha);
    let fit = 0;
    for (let i = 0; i < n; i++) fit += (targets[i] as number) * (alpha[i] as number);
    return -0.5 * (fit + logDeterminant(this.#factor, n) + n * Math.log(2 * Math.PI));
  }

  #fillCorrelations(lengthScales: Float64Array): void {
    const d = this.#d;
    const weights = lengthScales.map((length) => 1 / (length * length));
    const differences = this.#differences;
    for (let pair = 0, at = 0; pair < this.#correlations.length; pair++) {
      let s = 0;
      for (let k = 0; k < d; k++) s += (weights[k] as number) * (differences[at++] as number);
      // As in matern.ts, sharing the root and the exponential.
      const scaled = SQRT_5 * Math.sqrt(s);
      const decay = Math.exp(-scaled);
      this.#correlations[pair] = (1 + scaled + (5 / 3) * s) * decay;
      this.#slopes[pair] = (-5 / 6) * (1 + scaled) * decay;
    }
  }

  #fillMatrix(parameters: KernelParameters): void {
    const { signalVariance, detailVariance = 0, meanVariance = 0 } = parameters;
    if (detailVariance > 0) this.#details ??= detailCorrelations(this.#differences, this.#d);
    for (let i = 0, at = 0, pair = 0; i < this.#n; i++) {
      for (let j = 0; j < i; j++, pair++) {
        const detail = detailVariance > 0 ? detailVariance * (this.#details?.[pair] as number) : 0;
        this.#matrix[at++] = signalVariance * (this.#correlations[pair] as number) + detail + meanVariance;
      }
      this.#matrix[at++] = signalVariance + detailVariance + meanVariance + noiseAt(parameters, i);
    }
  }

  /** Uses the memory of the factor and of the matrix, which are not needed any more. */
  #gradient({ lengthScales, signalVariance, noiseVariance, statedNoise }: KernelParameters): Float64Array {
    const [n, d] = [this.#n, this.#d];
    invertLower(this.#factor, n, this.#matrix);
    invertFromFactor(this.#matrix, n, this.#factor);
    const inverse = this.#factor;
    const alpha = this.#alpha;
    const byScale = new Float64Array(d);
    let trace = 0;
    let fitted = 0;
    let signal = 0;
    for (let i = 0, at = 0, pair = 0; i < n; i++) {
      const alphaI = alpha[i] as number;
      for (let j = 0; j < i; j++, pair++) {
        const weight = alphaI * (alpha[j] as number) - (inverse[at++] as number);
        signal += weight * (this.#correlations[pair] as number);
        const slope = weight * (this.#slopes[pair] as number);
        const first = pair * d;
        for (let k = 0; k < d; k++) {
          byScale[k] = (byScale[k] as number) + slope * (this.#differences[first + k] as number);
        }
      }
      const weight = alphaI * alphaI - (inverse[at++] as number);
      this.#byNoise[i] = weight / 2;
      trace += weight;
      if (Number.isNaN(statedNoise?.[i] ?? Number.NaN)) fitted += weight;
    }
    const gradient = new Float64Array(d + 2);
    // ∂s/∂ln ℓ = -2 w Δ²; both triangles of the matrix count, which cancels the half.
    for (let k = 0; k < d; k++) {
      gradient[k] = (-2 * signalVariance * (byScale[k] as number)) / (lengthScales[k] as number) ** 2;
    }
    gradient[d] = signalVariance * (signal + trace / 2);
    gradient[d + 1] = (noiseVariance * fitted) / 2;
    return gradient;
  }
}

/** Of pairs whose squared differences are given by dimension, shape (pairs, d). */
function detailCorrelations(differences: Float64Array, d: number): Float64Array {
  return Float64Array.from({ length: differences.length / d }, (_, pair) => {
    let square = 0;
    for (let k = 0; k < d; k++) square += differences[pair * d + k] as number;
    return detailCorrelation(square, d);
  });
}
