import { minimiseBounded, type ValueAndGradient } from "../../../numeric/bounded-minimum.js";
import { marginalLikelihood } from "./marginal-likelihood.js";
import type { KernelParameters, TrainingSet } from "./model.js";
import { type LogNormalPrior, lengthScalePrior, logDensity, NOISE_PRIOR, SIGNAL_PRIOR } from "./prior.js";

/**
 * Where searches start, as factors on the priors' medians: at the medians, at a rough function without noise, and at a
 * smooth one with much, for the likelihood of few points often has a maximum at either.
 */
const STARTS = [
  { lengthScale: 1, noise: 1 },
  { lengthScale: 0.3, noise: 0.1 },
  { lengthScale: 2, noise: 100 },
] as const;

const STEPS_MAX = 60;
const GRADIENT_TOLERANCE = 1e-3;

/**
 * The kernel's parameters at the maximum of their posterior density, by the logarithms of the parameters.
 *
 * @param data - at least one point of at least one dimension
 * @returns parameters within the priors' bounds, for any finite targets
 */
export function fitKernel(data: TrainingSet): KernelParameters {
  const d = data.kinds.length;
  const priors = [...new Array<LogNormalPrior>(d).fill(lengthScalePrior(d)), SIGNAL_PRIOR, NOISE_PRIOR];
  const evaluate = negativeLogPosterior(data, priors);
  const lower = Float64Array.from(priors, ({ min }) => Math.log(min));
  const upper = Float64Array.from(priors, ({ max }) => Math.log(max));
  const minima = STARTS.map((factors) => {
    const start = startAt(priors, factors);
    return minimiseBounded({
      evaluate,
      start,
      lower,
      upper,
      stepsMax: STEPS_MAX,
      gradientTolerance: GRADIENT_TOLERANCE,
    });
  });
  const best = minima.reduce((least, minimum) => (minimum.value < least.value ? minimum : least));
  return parametersAt(best.point);
}

function negativeLogPosterior(
  data: TrainingSet,
  priors: readonly LogNormalPrior[],
): (logarithms: Float64Array) => ValueAndGradient {
  const likelihood = marginalLikelihood(data);
  return (logarithms) => {
    const evidence = likelihood(parametersAt(logarithms));
    if (evidence === undefined)
      return { value: Number.POSITIVE_INFINITY, gradient: new Float64Array(logarithms.length) };
    const densities = priors.map((prior, i) => logDensity(prior, logarithms[i] as number));
    return {
      value: -evidence.value - densities.reduce((sum, { value }) => sum + value, 0),
      gradient: evidence.gradient.map((slope, i) => -slope - (densities[i]?.slope as number)),
    };
  };
}

function startAt(priors: readonly LogNormalPrior[], factors: (typeof STARTS)[number]): Float64Array {
  const d = priors.length - 2;
  return Float64Array.from(priors, ({ median, min, max }, i) => {
    const factor = i < d ? factors.lengthScale : i === d ? 1 : factors.noise;
    return Math.log(Math.min(max, Math.max(min, median * factor)));
  });
}

function parametersAt(logarithms: Float64Array): KernelParameters {
  const d = logarithms.length - 2;
  return {
    lengthScales: logarithms.slice(0, d).map(Math.exp),
    signalVariance: Math.exp(logarithms[d] as number),
    noiseVariance: Math.exp(logarithms[d + 1] as number),
  };
}
