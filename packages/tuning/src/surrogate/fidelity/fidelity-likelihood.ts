// The log marginal likelihood of results at fidelities, in the notation of gaussian-density.ts,
// gaussian-process/marginal-likelihood.ts and fidelity-covariance.ts.
//
//   K_ij = (signal + γ b_ij) c_ij + mean + b_ij (τ + κ [same trial])    for i ≠ j
//   K_ii = signal + mean + h_i (τ + γ + κ) + noise_i

import { GaussianDensity } from "../../numeric/distribution/gaussian-density.js";
import { dot } from "../../numeric/vector.js";
import { correlatePairs } from "../gaussian-process/batched-correlations.js";
import { pairDifferences } from "../gaussian-process/covariance.js";
import { noiseAt } from "../gaussian-process/model.js";
import { type RowParameters, TREND_VARIANCE, TRIAL_VARIANCE } from "./fidelity-covariance.js";
import type { FidelityRows } from "./rows.js";

/** The derivatives of the log marginal likelihood by the logarithms of the parameters. */
export interface RowSlopes {
  /** By the d length scales, signal, noise and γ; shape (d + 3,). */
  readonly gradient: Float64Array;
  /** By the noise variance of each row; shape (n,). */
  readonly byNoise: Float64Array;
  /** K⁻¹ y; shape (n,). */
  readonly alpha: Float64Array;
}

/** The marginal likelihood of rows. The arrays of one evaluation serve the next. */
export class FidelityLikelihood {
  readonly #rows: FidelityRows;
  readonly #n: number;
  /** Δ²; shape (d, pairs). */
  readonly #differences: Float64Array;
  /** b of pairs, and b of pairs of the same trial; shape (pairs,). */
  readonly #shared: Float64Array;
  readonly #own: Float64Array;
  readonly #correlations: Float64Array;
  readonly #slopes: Float64Array;
  readonly #density: GaussianDensity;
  /** The parameters of the latest density; undefined after the inversion of K. */
  #latest: RowParameters | undefined;

  constructor(rows: FidelityRows) {
    const { points, depths, trials } = rows;
    this.#rows = rows;
    this.#n = points.count;
    this.#differences = pairDifferences(points);
    const pairs = (this.#n * (this.#n - 1)) / 2;
    this.#shared = new Float64Array(pairs);
    this.#own = new Float64Array(pairs);
    for (let i = 0, pair = 0; i < this.#n; i++) {
      for (let j = 0; j < i; j++, pair++) {
        const shared = Math.min(depths[i] as number, depths[j] as number);
        this.#shared[pair] = shared;
        this.#own[pair] = trials[i] === trials[j] ? shared : 0;
      }
    }
    this.#correlations = new Float64Array(pairs);
    this.#slopes = new Float64Array(pairs);
    this.#density = new GaussianDensity(this.#n);
  }

  /**
   * Returns the log marginal likelihood.
   *
   * @param targets - shape (n,)
   * @returns undefined if K cannot be factorised
   */
  valueAt(parameters: RowParameters, targets: Float64Array): number | undefined {
    const weights = parameters.lengthScales.map((length) => 1 / length ** 2);
    correlatePairs(this.#differences, weights, { correlations: this.#correlations, slopes: this.#slopes });
    this.#fillCovariance(parameters);
    const value = this.#density.logDensity(targets);
    this.#latest = value === undefined ? undefined : parameters;
    return value;
  }

  #fillCovariance(parameters: RowParameters): void {
    const { signalVariance, meanVariance = 0, curveVariance } = parameters;
    const { depths } = this.#rows;
    const matrix = this.#density.covariance;
    for (let i = 0, at = 0, pair = 0; i < this.#n; i++) {
      for (let j = 0; j < i; j++, pair++) {
        const shared = this.#shared[pair] as number;
        const alike = (signalVariance + curveVariance * shared) * (this.#correlations[pair] as number);
        const own = TRIAL_VARIANCE * (this.#own[pair] as number);
        matrix[at++] = alike + meanVariance + TREND_VARIANCE * shared + own;
      }
      const increments = (depths[i] as number) * (TREND_VARIANCE + curveVariance + TRIAL_VARIANCE);
      matrix[at++] = signalVariance + meanVariance + increments + noiseAt(parameters, i);
    }
  }

  /**
   * Returns the derivatives. Runs `valueAt` first if its latest parameters were another object.
   *
   * @throws {Error} if K cannot be factorised
   */
  slopesAt(parameters: RowParameters, targets: Float64Array): RowSlopes {
    if (this.#latest !== parameters && this.valueAt(parameters, targets) === undefined) {
      throw new Error("the covariance matrix cannot be factorised");
    }
    this.#latest = undefined;
    const { lengthScales, signalVariance, noiseVariance, curveVariance, statedNoise } = parameters;
    const [n, depths] = [this.#n, this.#rows.depths];
    const [inverse, { alpha }] = [this.#density.invert(), this.#density];
    const sums = { signal: 0, noise: 0, curve: 0 };
    const byNoise = new Float64Array(n);
    for (let i = 0, at = 0, pair = 0; i < n; i++) {
      const alphaI = alpha[i] as number;
      for (let j = 0; j < i; j++, pair++) {
        const weight = alphaI * (alpha[j] as number) - (inverse[at++] as number);
        const shared = this.#shared[pair] as number;
        const alike = weight * (this.#correlations[pair] as number);
        sums.signal += alike;
        sums.curve += alike * shared;
        this.#slopes[pair] = weight * (signalVariance + curveVariance * shared) * (this.#slopes[pair] as number);
      }
      const half = (alphaI * alphaI - (inverse[at++] as number)) / 2;
      byNoise[i] = half;
      sums.signal += half;
      sums.curve += half * (depths[i] as number);
      if (Number.isNaN(statedNoise?.[i] ?? Number.NaN)) sums.noise += half;
    }
    const pairs = this.#slopes.length;
    const byScales = Float64Array.from(lengthScales, (length, k) => {
      const sum = dot(this.#slopes, this.#differences.subarray(k * pairs, (k + 1) * pairs));
      return (-2 * sum) / length ** 2;
    });
    const byVariances = [signalVariance * sums.signal, noiseVariance * sums.noise, curveVariance * sums.curve];
    return { gradient: Float64Array.of(...byScales, ...byVariances), byNoise, alpha: alpha.slice() };
  }
}
