import { minimiseBounded, type ValueAndGradient } from "../../../numeric/bounded-minimum.js";
import { warp } from "../warping/log-warp.js";
import { MarginalLikelihood } from "./marginal-likelihood.js";
import type { KernelParameters, PointSet } from "./model.js";
import { BEND_PRIOR, type LogNormalPrior, lengthScalePrior, logDensity, NOISE_PRIOR, SIGNAL_PRIOR } from "./prior.js";

/** What is chosen by the observations: the kernel's parameters and the bend of the warp. */
export interface FittedParameters extends KernelParameters {
  readonly bend: number;
}

/**
 * Where searches start, as factors on the priors' medians: at the medians, and at a rough function without noise, for
 * the likelihood of few points often has a maximum at either.
 */
const STARTS = [
  { lengthScale: 1, noise: 1, bend: 1 },
  { lengthScale: 0.3, noise: 0.1, bend: 1 },
] as const;

const STEPS_MAX = 40;
const GRADIENT_TOLERANCE = 1e-2;

/**
 * The parameters at the maximum of their posterior density, by the logarithms of the parameters.
 *
 * @param points - at least one point of at least one dimension
 * @param losses - of each point
 * @returns parameters within the priors' bounds, for any finite losses
 */
export function fitParameters(points: PointSet, losses: Float64Array): FittedParameters {
  const d = points.kinds.length;
  const priors = [...new Array<LogNormalPrior>(d).fill(lengthScalePrior(d)), SIGNAL_PRIOR, NOISE_PRIOR, BEND_PRIOR];
  const evaluate = negativeLogPosterior({ points, losses, priors });
  const lower = Float64Array.from(priors, ({ min }) => Math.log(min));
  const upper = Float64Array.from(priors, ({ max }) => Math.log(max));
  const limits = { evaluate, lower, upper, stepsMax: STEPS_MAX, gradientTolerance: GRADIENT_TOLERANCE };
  const minima = STARTS.map((factors) => minimiseBounded({ ...limits, start: startAt(priors, factors) }));
  const best = minima.reduce((least, minimum) => (minimum.value < least.value ? minimum : least));
  return parametersAt(best.point);
}

interface Evidence {
  readonly points: PointSet;
  readonly losses: Float64Array;
  readonly priors: readonly LogNormalPrior[];
}

function negativeLogPosterior({ points, losses, priors }: Evidence): (logarithms: Float64Array) => ValueAndGradient {
  const likelihood = new MarginalLikelihood(points);
  return (logarithms) => {
    const parameters = parametersAt(logarithms);
    const warped = warp(losses, parameters.bend);
    const evidence = likelihood.at(parameters, warped.targets);
    if (evidence === undefined) return { value: Number.POSITIVE_INFINITY, gradient: new Float64Array(priors.length) };
    const { alpha } = evidence;
    const byTargets = warped.targetSlopes.reduce((sum, slope, i) => sum - slope * (alpha[i] as number), 0);
    const slopes = [...evidence.gradient, byTargets + warped.logJacobianSlope];
    const densities = priors.map((prior, i) => logDensity(prior, logarithms[i] as number));
    return {
      value: -evidence.value - warped.logJacobian - densities.reduce((sum, { value }) => sum + value, 0),
      gradient: Float64Array.from(slopes, (slope, i) => -slope - (densities[i]?.slope as number)),
    };
  };
}

function startAt(priors: readonly LogNormalPrior[], factors: (typeof STARTS)[number]): Float64Array {
  const d = priors.length - 3;
  const all = [...new Array<number>(d).fill(factors.lengthScale), 1, factors.noise, factors.bend];
  return Float64Array.from(priors, ({ median, min, max }, i) =>
    Math.log(Math.min(max, Math.max(min, median * (all[i] as number)))),
  );
}

function parametersAt(logarithms: Float64Array): FittedParameters {
  const d = logarithms.length - 3;
  return {
    lengthScales: logarithms.slice(0, d).map(Math.exp),
    signalVariance: Math.exp(logarithms[d] as number),
    noiseVariance: Math.exp(logarithms[d + 1] as number),
    bend: Math.exp(logarithms[d + 2] as number),
  };
}
