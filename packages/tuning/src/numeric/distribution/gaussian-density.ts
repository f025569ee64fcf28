// The log density of a Gaussian vector, and what its derivatives consist of.
//
//   K   covariance           packed, n rows
//   y   vector of mean 0     shape (n,)
//   α   K⁻¹ y                shape (n,)
//   W   α αᵀ - K⁻¹           packed, n rows
//
//   ln p(y)            = -½ (yᵀ α + ln |K| + n ln 2π)
//   ∂ln p(y) / ∂θ_k    = ½ Σ_ij W_ij ∂K_ij/∂θ_k
//
// Rasmussen, Williams, eqs. 5.8 and 5.9.

import { factorizeWithJitter, logDeterminant, solveLowerInPlace, solveLowerTransposedInPlace } from "../cholesky.js";
import { invertFromFactor, invertLower, packedLength } from "../triangle.js";
import { dot } from "../vector.js";

/** The log density of vectors of one length. The arrays of one evaluation serve the next. */
export class GaussianDensity {
  /** K. The caller fills it before each `logDensity`; `invert` overwrites it. */
  readonly covariance: Float64Array;
  /** α of the latest `logDensity`. */
  readonly alpha: Float64Array;
  /** The Cholesky factor of K, from `invert` on K⁻¹. */
  readonly #factor: Float64Array;

  constructor(n: number) {
    this.covariance = new Float64Array(packedLength(n));
    this.#factor = new Float64Array(packedLength(n));
    this.alpha = new Float64Array(n);
  }

  /** Returns ln p(y); undefined if K cannot be factorised. */
  logDensity(y: Float64Array): number | undefined {
    const n = y.length;
    if (!factorizeWithJitter(this.covariance, n, this.#factor)) return undefined;
    this.alpha.set(y);
    solveLowerInPlace(this.#factor, this.alpha);
    solveLowerTransposedInPlace(this.#factor, this.alpha);
    return -0.5 * (dot(y, this.alpha) + logDeterminant(this.#factor, n) + n * Math.log(2 * Math.PI));
  }

  /** Returns K⁻¹, packed, valid until the next `logDensity`. One call after each `logDensity`. */
  invert(): Float64Array {
    const n = this.alpha.length;
    invertLower(this.#factor, n, this.covariance);
    invertFromFactor(this.covariance, n, this.#factor);
    return this.#factor;
  }
}
