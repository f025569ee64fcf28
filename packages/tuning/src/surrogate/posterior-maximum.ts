// The maximum of the posterior density of a surrogate's parameters; fit.ts has the notation.

import { type BoundedProblem, type Evaluation, minimiseBounded } from "../numeric/bounded-minimum.js";
import { type LogNormalPrior, logDensity } from "./gaussian-process/prior.js";
import { warp } from "./warping/log-warp.js";
import { targetNoise } from "./warping/target-noise.js";

/** The results that parameters are fitted to. */
interface Results {
  /** Losses, shape (n,). */
  readonly losses: Float64Array;
  /** Noise variance of each loss (NaN if unknown), shape (n,); absent if all are unknown. */
  readonly noise?: Float64Array | undefined;
}

/** The noise variances of targets, where results state theirs. */
interface StatedNoise {
  readonly statedNoise: Float64Array | undefined;
}

/** The log marginal likelihood of targets, and its derivatives by θ, targets and their noise. */
interface Likelihood<P> {
  valueAt(parameters: P & StatedNoise, targets: Float64Array): number | undefined;
  slopesAt(
    parameters: P & StatedNoise,
    targets: Float64Array,
  ): { readonly gradient: Float64Array; readonly alpha: Float64Array; readonly byNoise: Float64Array };
}

/** A fit: its results, its priors, its likelihood. */
export interface PosteriorFit<D extends Results, P> {
  readonly data: D;
  /** Few results, on which the starts are compared. */
  readonly few: D;
  /** Upper limit of steps from each start before the comparison. */
  readonly comparisonSteps: number;
  /** Of the components of θ: length scales, signal variance, noise variance, others, bend. */
  readonly priors: readonly LogNormalPrior[];
  /** Number of length scales. */
  readonly dimensions: number;
  readonly likelihoodOf: (data: D) => Likelihood<P>;
  /** Returns the parameters at θ. */
  readonly parametersAt: (logarithms: Float64Array) => P;
}

/**
 * Starts of the maximisation, as factors of the priors' medians: the medians, a rough function with
 * little noise, and a smooth function with much noise. The likelihood of few points often has a
 * local maximum near each of the last two.
 */
const STARTS = [
  { lengthScale: 1, noise: 1 },
  { lengthScale: 0.3, noise: 0.1 },
  { lengthScale: 2, noise: 100 },
] as const;

/** Upper limit of steps of the fit. */
const STEPS_MAX = 40;
/** Largest slope of the log posterior density by a component of θ at which the fit ends. */
const GRADIENT_TOLERANCE = 1e-2;
/** Smallest gain of log posterior density; a step with less hardly changes the predictions. */
const PROGRESS_MIN = 1e-3;

/**
 * Returns the parameters at the maximum of the posterior density of θ. The maximisation continues
 * from the best of several starts, and may end at a local maximum.
 */
export function posteriorMaximum<D extends Results, P extends { readonly bend: number }>(fit: PosteriorFit<D, P>): P {
  const subset = problemOf(fit, fit.few);
  const minima = STARTS.map((factors) =>
    minimiseBounded({ ...subset, start: startAt(fit, factors), stepsMax: fit.comparisonSteps }),
  );
  const { point: start } = minima.reduce((least, minimum) => (minimum.value < least.value ? minimum : least));
  return fit.parametersAt(minimiseBounded({ ...problemOf(fit, fit.data), start, stepsMax: STEPS_MAX }).point);
}

function problemOf<D extends Results, P extends { readonly bend: number }>(
  fit: PosteriorFit<D, P>,
  data: D,
): Omit<BoundedProblem, "start" | "stepsMax"> {
  return {
    evaluate: negativeLogPosterior(fit, data),
    lower: Float64Array.from(fit.priors, ({ min }) => Math.log(min)),
    upper: Float64Array.from(fit.priors, ({ max }) => Math.log(max)),
    gradientTolerance: GRADIENT_TOLERANCE,
    progressMin: PROGRESS_MIN,
  };
}

function negativeLogPosterior<D extends Results, P extends { readonly bend: number }>(
  { priors, likelihoodOf, parametersAt }: PosteriorFit<D, P>,
  data: D,
): (logarithms: Float64Array) => Evaluation {
  const { losses, noise } = data;
  const likelihood = likelihoodOf(data);
  return (logarithms) => {
    const fitted = parametersAt(logarithms);
    const warped = warp(losses, fitted.bend);
    const stated = noise && targetNoise({ losses, noise }, warped);
    const parameters = { ...fitted, statedNoise: stated?.variances };
    const evidence = likelihood.valueAt(parameters, warped.targets);
    if (evidence === undefined) {
      return { value: Number.POSITIVE_INFINITY, gradient: () => new Float64Array(priors.length) };
    }
    const densities = priors.map((prior, i) => logDensity(prior, logarithms[i] as number));
    return {
      value: -evidence - warped.logJacobian - densities.reduce((sum, { value }) => sum + value, 0),
      gradient() {
        const { gradient, alpha, byNoise } = likelihood.slopesAt(parameters, warped.targets);
        const byTargets = warped.targetSlopes.reduce((sum, slope, i) => sum - slope * (alpha[i] as number), 0);
        const byStated = stated?.slopes.reduce((sum, slope, i) => sum + slope * (byNoise[i] as number), 0) ?? 0;
        const slopes = [...gradient, byTargets + byStated + warped.logJacobianSlope];
        return Float64Array.from(slopes, (slope, i) => -slope - (densities[i]?.slope as number));
      },
    };
  };
}

function startAt(
  { priors, dimensions: d }: Pick<PosteriorFit<never, unknown>, "priors" | "dimensions">,
  { lengthScale, noise }: (typeof STARTS)[number],
): Float64Array {
  const factors = priors.map((_, i) => (i < d ? lengthScale : i === d + 1 ? noise : 1));
  return Float64Array.from(priors, ({ median, min, max }, i) =>
    Math.log(Math.min(max, Math.max(min, median * (factors[i] as number)))),
  );
}
