// The logarithm of expected improvement, for maximisation. Where improvement is unlikely, expected
// improvement underflows to 0; its logarithm still has a gradient.
//
//   z = (mean - best) / sd
//   h(z) = φ(z) + z Φ(z), so that expected improvement = sd h(z)
//   R(z) = Φ(z) / φ(z) = √(π/2) erfcx(-z / √2), so that h = φ (1 + z R)
//
// Ament, Daulton, Eriksson, Balandat, Bakshy, Unexpected Improvements to Expected Improvement,
// 2023, eq. 9.

import { erfc, erfcx } from "../../../numeric/distribution/error-function.js";

const LOG_SQRT_2_PI = 0.5 * Math.log(2 * Math.PI);
const SQRT_HALF_PI = Math.sqrt(Math.PI / 2);

/**
 * Below this z, 1 + z R loses too many digits to cancellation, and its series in 1/z² is accurate.
 */
const SERIES_BELOW = -100;

/** Above this z, h(z) = z in floating-point numbers: φ is below half of the last digit, Φ is 1. */
const LINEAR_ABOVE = 9;

/** Returns ln h(z) for any z. */
export function logH(z: number): number {
  if (z > LINEAR_ABOVE) return Math.log(z);
  if (z > -1) return Math.log(Math.exp(-0.5 * z * z - LOG_SQRT_2_PI) + 0.5 * z * erfc(-z * Math.SQRT1_2));
  return -0.5 * z * z - LOG_SQRT_2_PI + Math.log(z > SERIES_BELOW ? 1 + z * millsRatio(z) : tailSeries(z));
}

/** Returns the derivative of ln h(z), Φ(z) / h(z). */
export function logHSlope(z: number): number {
  if (z > -1) return (0.5 * erfc(-z * Math.SQRT1_2)) / Math.exp(logH(z));
  if (z > SERIES_BELOW) return millsRatio(z) / (1 + z * millsRatio(z));
  // R = (1 - (1 + z R)) / |z|.
  const tail = tailSeries(z);
  return (1 - tail) / (-z * tail);
}

/** Returns R(z). */
function millsRatio(z: number): number {
  return SQRT_HALF_PI * erfcx(-z * Math.SQRT1_2);
}

/** Returns 1 + z R(z) = 1/z² - 3/z⁴ + 15/z⁶ - 105/z⁸ + … for z < SERIES_BELOW. */
function tailSeries(z: number): number {
  const u = 1 / (z * z);
  return u * (1 - u * (3 - u * (15 - u * 105)));
}
