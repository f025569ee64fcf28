// The priors of the parameters: independent log-normal distributions, truncated at bounds.
//
//   θ    logarithm of a parameter
//   m    median of the parameter                        in the unit of the parameter
//   τ    spread: standard deviation of θ                without unit
//   d    number of dimensions
//   z    (θ - ln m) / τ
//   ln p(θ) = -½ z² + constant                          for ln min ≤ θ ≤ ln max
//
// Units: length scales in edges of the unit cube; variances relative to the variance of the
// targets, which is 1. Because of these units, the same priors suit every study.

/** A normal distribution of a parameter's logarithm, truncated at bounds. */
export interface LogNormalPrior {
  readonly median: number;
  /** Standard deviation of the logarithm. */
  readonly spread: number;
  readonly min: number;
  readonly max: number;
}

/**
 * Returns the prior of a length scale. Its median grows with √d for d > 4, as distances in the cube
 * do (Hvarfner, Hellsten, Nardi 2024). The median was chosen on seven test functions: half of it
 * finds narrow valleys earlier, but also fits noise as valleys. The lower bound keeps neighbouring
 * observations correlated.
 *
 * @param d - number of dimensions, at least 1
 */
export function lengthScalePrior(d: number): LogNormalPrior {
  return { median: Math.max(0.4, 0.2 * Math.sqrt(d)), spread: 1, min: 0.05, max: 50 };
}

/**
 * Returns the prior of a nominal dimension's length scale. Two points differ in most nominal
 * dimensions, each at distance 1, so that s grows with the number of these dimensions. A median
 * proportional to the square root of the number keeps the prior correlation the same.
 *
 * @param d - number of dimensions
 * @param nominal - number of nominal dimensions, at least 1
 */
export function nominalScalePrior(d: number, nominal: number): LogNormalPrior {
  const prior = lengthScalePrior(d);
  return { ...prior, median: prior.median * Math.sqrt(nominal) };
}

/**
 * The prior of the signal variance. The upper bound is far above 1, because a function may vary
 * more than the targets at a few points.
 */
export const SIGNAL_PRIOR: LogNormalPrior = { median: 1, spread: 1, min: 0.05, max: 50 };

/**
 * Prior variance of the function's mean, whose prior mean is the mean of the targets. A search
 * places most trials where objectives are good, so that the mean of the targets is too high for the
 * rest of the cube. With a variance of 0, all distant corners would seem worth a trial. Values
 * between 0.25 and 4 give the same results.
 */
export const MEAN_VARIANCE = 1;

/**
 * The prior of the noise variance, nearly flat in θ. The lower bound suits smooth functions without
 * noise; at the upper bound, the targets are noise only.
 */
export const NOISE_PRIOR: LogNormalPrior = { median: 1e-3, spread: 4, min: 1e-8, max: 1 };

/**
 * The prior of the bend, in units of the median loss. At the upper bound the warp is nearly linear;
 * at the lower bound it is logarithmic for losses above a thousandth of the median loss.
 */
export const BEND_PRIOR: LogNormalPrior = { median: 3, spread: 2, min: 1e-3, max: 1e3 };

/**
 * Returns ln p(θ) without its constant, and the derivative -z / τ.
 *
 * @param logarithm - θ
 */
export function logDensity({ median, spread }: LogNormalPrior, logarithm: number): { value: number; slope: number } {
  const z = (logarithm - Math.log(median)) / spread;
  return { value: -0.5 * z * z, slope: -z / spread };
}
