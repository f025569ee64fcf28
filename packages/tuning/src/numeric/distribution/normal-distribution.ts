// The standard normal distribution: φ(z) its density, Φ(z) its distribution function.

import { erfc, erfcx } from "./error-function.js";

const SQRT_2_OVER_PI = Math.sqrt(2 / Math.PI);

/** Returns the density φ(z). */
export function normalDensity(z: number): number {
  return 0.5 * SQRT_2_OVER_PI * Math.exp(-0.5 * z * z);
}

/** Returns the distribution function Φ(z). */
export function normalCdf(z: number): number {
  return 0.5 * erfc(-z * Math.SQRT1_2);
}

/** Returns ln Φ(z), with full relative accuracy in the lower tail, where Φ(z) underflows. */
export function logNormalCdf(z: number): number {
  if (z > -1) return Math.log1p(-0.5 * erfc(z * Math.SQRT1_2));
  return -0.5 * z * z + Math.log(0.5 * erfcx(-z * Math.SQRT1_2));
}

/** Returns the derivative of ln Φ(z), which is φ(z) / Φ(z). */
export function logNormalCdfSlope(z: number): number {
  if (z > -1) return (SQRT_2_OVER_PI * 0.5 * Math.exp(-0.5 * z * z)) / (1 - 0.5 * erfc(z * Math.SQRT1_2));
  return SQRT_2_OVER_PI / erfcx(-z * Math.SQRT1_2);
}
