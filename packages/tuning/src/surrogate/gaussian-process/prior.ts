// What is believed of the kernel's parameters before any observation: independent log-normal distributions within
// bounds. Points lie in the unit cube and targets have variance 1, so one prior serves every study.

/** Normal distribution of the logarithm of a parameter, cut off at bounds. */
export interface LogNormalPrior {
  readonly median: number;
  /** Standard deviation of the logarithm. */
  readonly spread: number;
  readonly min: number;
  readonly max: number;
}

/**
 * Length scales grow with the root of the dimension, as distances in the cube do (Hvarfner, Hellsten, Nardi 2024), from
 * the fourth dimension on. Medians were compared on seven test functions: half of this one finds narrow valleys sooner
 * and takes noise for them. The lower bound keeps the process from taking every observation for an isolated one.
 *
 * @param d - number of dimensions, at least 1
 */
export function lengthScalePrior(d: number): LogNormalPrior {
  return { median: Math.max(0.4, 0.2 * Math.sqrt(d)), spread: 1, min: 0.05, max: 50 };
}

/**
 * Length scales of names. Two points differ in most of their names, each at a distance of 1, so that the scales grow with
 * the root of the number of such dimensions: a prior correlation that does not depend on it.
 *
 * @param d - number of dimensions
 * @param nominal - number of those whose coordinates are names, at least 1
 */
export function nominalScalePrior(d: number, nominal: number): LogNormalPrior {
  const prior = lengthScalePrior(d);
  return { ...prior, median: prior.median * Math.sqrt(nominal) };
}

/** Wider than 1: a function seen at few points may well vary more than they do. */
export const SIGNAL_PRIOR: LogNormalPrior = { median: 1, spread: 1, min: 0.05, max: 50 };

/**
 * Variance of the function's mean about that of the targets. A search makes most of its trials where they are good, so that
 * their mean is none that holds for the rest of the cube: the farther corners would all seem worth a trial. Between 0.25 and
 * 4 there is no difference.
 */
export const MEAN_VARIANCE = 1;

/** From one part in a hundred million of the variance seen, for smooth functions, to all of it; all but flat. */
export const NOISE_PRIOR: LogNormalPrior = { median: 1e-3, spread: 4, min: 1e-8, max: 1 };

/** In units of the median loss: from all but linear to logarithmic for all losses but the smallest thousandth. */
export const BEND_PRIOR: LogNormalPrior = { median: 3, spread: 2, min: 1e-3, max: 1e3 };

/** Logarithm of the density at a logarithm of the parameter, up to a constant, and its derivative. */
export function logDensity({ median, spread }: LogNormalPrior, logarithm: number): { value: number; slope: number } {
  const z = (logarithm - Math.log(median)) / spread;
  return { value: -0.5 * z * z, slope: -z / spread };
}
