import { type BoundedProblem, type Evaluation, minimiseBounded } from "../numeric/bounded-minimum.js";
import { MarginalLikelihood } from "./gaussian-process/marginal-likelihood.js";
import type { KernelParameters } from "./gaussian-process/model.js";
import {
  BEND_PRIOR,
  type LogNormalPrior,
  lengthScalePrior,
  logDensity,
  MEAN_VARIANCE,
  NOISE_PRIOR,
  nominalScalePrior,
  SIGNAL_PRIOR,
} from "./gaussian-process/prior.js";
import { type Sample, thin } from "./observation/observed-losses.js";
import { warp } from "./warping/log-warp.js";
import { targetNoise } from "./warping/target-noise.js";

/** What is chosen by the observations: the kernel's parameters and the bend of the warp. */
export interface FittedParameters extends KernelParameters {
  readonly bend: number;
}

/**
 * Where searches start, as factors on the priors' medians: at the medians, at a rough function without noise, and at a
 * smooth one with much, for the likelihood of few points often has a maximum at either.
 */
const STARTS = [
  { lengthScale: 1, noise: 1 },
  { lengthScale: 0.3, noise: 0.1 },
  { lengthScale: 2, noise: 100 },
] as const;

/** Starts are compared on a part of so many points, after so many steps: both cost next to nothing. */
const SCOUTED_POINTS = 40;
const SCOUT_STEPS = 10;

/** Least bend, in standard deviations of a typical stated noise: to second order, the best targets are a twentieth of one too low then. */
const BEND_NOISE_SDS_MIN = 10;

const STEPS_MAX = 40;
const GRADIENT_TOLERANCE = 1e-2;
/** Parameters that are more probable by a thousandth predict the same. */
const PROGRESS_MIN = 1e-3;

/**
 * The parameters at the maximum of their posterior density, by the logarithms of the parameters.
 *
 * @param sample - at least one point of at least one dimension
 * @returns parameters within the priors' bounds, for any finite losses
 */
export function fitParameters(sample: Sample): FittedParameters {
  const priors = priorsOf(sample);
  const part = searchOver(thin(sample, SCOUTED_POINTS), priors);
  const scouted = STARTS.map((factors) =>
    minimiseBounded({ ...part, start: startAt(priors, factors), stepsMax: SCOUT_STEPS }),
  );
  const { point: start } = scouted.reduce((least, minimum) => (minimum.value < least.value ? minimum : least));
  return parametersAt(minimiseBounded({ ...searchOver(sample, priors), start, stepsMax: STEPS_MAX }).point);
}

function searchOver(sample: Sample, priors: readonly LogNormalPrior[]): Omit<BoundedProblem, "start" | "stepsMax"> {
  return {
    evaluate: negativeLogPosterior(sample, priors),
    lower: Float64Array.from(priors, ({ min }) => Math.log(min)),
    upper: Float64Array.from(priors, ({ max }) => Math.log(max)),
    gradientTolerance: GRADIENT_TOLERANCE,
    progressMin: PROGRESS_MIN,
  };
}

function priorsOf({ points, noise }: Sample): LogNormalPrior[] {
  const d = points.kinds.length;
  const nominal = points.kinds.filter(({ isNominal }) => isNominal).length;
  const lengthScales = points.kinds.map(({ isNominal }) =>
    isNominal ? nominalScalePrior(d, nominal) : lengthScalePrior(d),
  );
  return [...lengthScales, SIGNAL_PRIOR, NOISE_PRIOR, { ...BEND_PRIOR, min: leastBend(noise) }];
}

/** A warp that bends within the noise stretches that of lucky trials and not that of unlucky ones: all seem worse than they are. */
function leastBend(noise: Float64Array | undefined): number {
  const known = (noise ?? new Float64Array(0)).filter((variance) => !Number.isNaN(variance)).sort();
  const typical = Math.sqrt(known[Math.floor(known.length / 2)] ?? 0);
  return Math.min(BEND_PRIOR.max, Math.max(BEND_PRIOR.min, BEND_NOISE_SDS_MIN * typical));
}

function negativeLogPosterior(
  { points, losses, noise }: Sample,
  priors: readonly LogNormalPrior[],
): (logarithms: Float64Array) => Evaluation {
  const likelihood = new MarginalLikelihood(points);
  return (logarithms) => {
    const parameters = parametersAt(logarithms);
    const warped = warp(losses, parameters.bend);
    const stated = noise && targetNoise({ losses, noise }, warped);
    const kernel = { ...parameters, statedNoise: stated?.variances };
    const evidence = likelihood.valueAt(kernel, warped.targets);
    if (evidence === undefined) {
      return { value: Number.POSITIVE_INFINITY, gradient: () => new Float64Array(priors.length) };
    }
    const densities = priors.map((prior, i) => logDensity(prior, logarithms[i] as number));
    return {
      value: -evidence - warped.logJacobian - densities.reduce((sum, { value }) => sum + value, 0),
      gradient() {
        const { gradient, alpha, byNoise } = likelihood.slopesAt(kernel, warped.targets);
        const byTargets = warped.targetSlopes.reduce((sum, slope, i) => sum - slope * (alpha[i] as number), 0);
        const byStated = stated?.slopes.reduce((sum, slope, i) => sum + slope * (byNoise[i] as number), 0) ?? 0;
        const slopes = [...gradient, byTargets + byStated + warped.logJacobianSlope];
        return Float64Array.from(slopes, (slope, i) => -slope - (densities[i]?.slope as number));
      },
    };
  };
}

function startAt(priors: readonly LogNormalPrior[], factors: (typeof STARTS)[number]): Float64Array {
  const d = priors.length - 3;
  const all = [...new Array<number>(d).fill(factors.lengthScale), 1, factors.noise, 1];
  return Float64Array.from(priors, ({ median, min, max }, i) =>
    Math.log(Math.min(max, Math.max(min, median * (all[i] as number)))),
  );
}

/** Parameters of logarithms: of the length scales, the signal variance, the noise variance and the bend. */
export function parametersAt(logarithms: Float64Array): FittedParameters {
  const d = logarithms.length - 3;
  return {
    lengthScales: logarithms.slice(0, d).map(Math.exp),
    signalVariance: Math.exp(logarithms[d] as number),
    noiseVariance: Math.exp(logarithms[d + 1] as number),
    bend: Math.exp(logarithms[d + 2] as number),
    meanVariance: MEAN_VARIANCE,
  };
}
