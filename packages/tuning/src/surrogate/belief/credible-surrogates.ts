// The processes that beliefs are averaged over. A search is served best by one process that sees what stands out, and the
// warp and the priors of fit.ts are made for it; but of few and noisy observations they take the luckiest for the truth.

import type { SuggestionRequest } from "../../oracle/contract/suggestion.js";
import { createRandom, deriveSeed } from "../../random/random.js";
import type { DesignSpace } from "../../space/design-space.js";
import { type FittedParameters, parametersAt } from "../fit.js";
import { drawParameters } from "../gaussian-process/elliptical-slice-sampling.js";
import { MarginalLikelihood } from "../gaussian-process/marginal-likelihood.js";
import { ROUNDING, withoutPriorMean } from "../gaussian-process/mean-function.js";
import { type LogNormalPrior, lengthScalePrior, logDensity, SIGNAL_PRIOR } from "../gaussian-process/prior.js";
import { withDivergedTrials } from "../observation/diverged-trials.js";
import { type Sample, thin } from "../observation/observed-losses.js";
import { type ObjectiveProcess, processAt, processOf } from "../surrogate.js";
import { warp } from "../warping/log-warp.js";
import { targetNoise } from "../warping/target-noise.js";

/** Draws of the parameters. */
const DRAWS = 32;
/** With more observations the parameters are known well enough for the most probable ones to do. */
const DRAWN_OBSERVATIONS_MAX = 150;
/** Steps between draws of few observations, and the observations from which on time allows fewer, down to one. */
const STEPS_PER_DRAW_MAX = 8;
const STEPS_OBSERVATIONS = 200;
/** Of few observations all may be noise, and more than they happen to show; and there may be next to none. */
const NOISE_PRIOR: LogNormalPrior = { median: 1, spread: 2.5, min: 1e-8, max: 1e3 };
/**
 * What looks like noise may be detail, which only points next to each other tell from it: the variance of detail as a multiple of
 * that of noise. Where no two points are near, it is taken for noise: seven times in eight for the larger part.
 */
const DETAIL_PRIOR: LogNormalPrior = { median: 0.01, spread: 4, min: 1e-9, max: 1e9 };
/** Multiples that are compared where parameters are not drawn. */
const DETAIL_MULTIPLES = [0.1, 1, 10, 100, 1e3, 1e4, 1e6];
/** A bend at which losses stay as they are, but for those of a thousand medians. */
const STRAIGHT_BEND = 1e3;
/** Logarithm of a ratio of likelihoods: twenty to one (Kass, Raftery, Bayes Factors, 1995, section 3.2). */
const STRONG_EVIDENCE = 3;

/**
 * Processes of a request's completed trials that are equally credible: with straight losses and parameters drawn from what
 * they may be, or the most probable one alone, where observations are many or there is strong evidence for its warp.
 *
 * @returns undefined if rounding leaves no process that can be computed with
 */
export function credibleProcesses(
  request: SuggestionRequest,
  design: DesignSpace,
): readonly ObjectiveProcess[] | undefined {
  const fitted = processOf({ ...withDivergedTrials(request), pending: [] }, design);
  if (fitted === undefined) return undefined;
  const { sample } = fitted;
  const probable = withProbableDetail(fitted);
  if (sample.losses.length > DRAWN_OBSERVATIONS_MAX) return [probable];
  const drawn = drawStraight(probable, request.seed);
  const evidence = evidenceOf(sample);
  if (evidence(probable.parameters) - Math.max(...drawn.map(evidence)) > STRONG_EVIDENCE) return [probable];
  const processes = drawn.flatMap((one) => processAt(sample, one) ?? []);
  return processes.length > 0 ? processes : [probable];
}

/** The process with the most probable part of its noise taken for detail: none, unless another is more probable than none. */
function withProbableDetail(fitted: ObjectiveProcess): ObjectiveProcess {
  const evidence = evidenceOf(thin(fitted.sample, DRAWN_OBSERVATIONS_MAX));
  let best = { parameters: fitted.parameters, density: evidence(fitted.parameters) };
  for (const multiple of DETAIL_MULTIPLES) {
    const parameters = withDetail(fitted.parameters, multiple);
    const density = evidence(parameters) + logDensity(DETAIL_PRIOR, Math.log(multiple)).value;
    if (density > best.density) best = { parameters, density };
  }
  if (best.parameters === fitted.parameters) return fitted;
  return processAt(fitted.sample, best.parameters) ?? fitted;
}

function drawStraight({ sample, parameters }: ObjectiveProcess, seed: number): FittedParameters[] {
  const d = sample.points.kinds.length;
  const steps = Math.round(STEPS_OBSERVATIONS / sample.losses.length);
  const evidence = evidenceOf(sample);
  const straightAt = (logarithms: Float64Array): FittedParameters => {
    const fitted = parametersAt(Float64Array.from([...logarithms.subarray(0, d + 2), Math.log(STRAIGHT_BEND)]));
    return {
      ...withDetail(fitted, Math.exp(logarithms[d + 2] as number)),
      rounding: ROUNDING,
    };
  };
  return drawParameters(
    {
      priors: [...new Array<LogNormalPrior>(d).fill(lengthScalePrior(d)), SIGNAL_PRIOR, NOISE_PRIOR, DETAIL_PRIOR],
      logLikelihood: (logarithms) => evidence(straightAt(logarithms)),
      start: logarithmsOf(parameters),
    },
    {
      count: DRAWS,
      stepsPerDraw: Math.min(STEPS_PER_DRAW_MAX, Math.max(1, steps)),
      random: createRandom(deriveSeed(seed, "parameter-draws")),
    },
  ).map(straightAt);
}

/**
 * The logarithm of the likelihood of the losses, but for the densities of those of the best ones: they are 0 by definition, and
 * would grow without bound as the bend falls.
 */
function evidenceOf({ points, losses, noise }: Sample): (parameters: FittedParameters) => number {
  const likelihood = new MarginalLikelihood(points);
  const best = losses.filter((loss) => loss === 0).length;
  return (parameters) => {
    const warped = warp(losses, parameters.bend);
    const statedNoise = noise && targetNoise({ losses, noise }, warped).variances;
    const targets = withoutPriorMean(parameters, points, warped.targets);
    const value = likelihood.valueAt({ ...parameters, statedNoise }, targets);
    if (value === undefined) return Number.NEGATIVE_INFINITY;
    return value + warped.logJacobian + (warped.sd > 0 ? best * Math.log(warped.bend * warped.sd) : 0);
  };
}

/** Parameters with a part of their noise taken for detail, so many times as large as the rest. */
function withDetail(parameters: FittedParameters, multiple: number): FittedParameters {
  const noiseVariance = parameters.noiseVariance / (1 + multiple);
  return { ...parameters, noiseVariance, detailVariance: parameters.noiseVariance - noiseVariance };
}

/** Logarithms of what is drawn: length scales, signal, noise with detail, and the multiple of detail; its median if there is none. */
function logarithmsOf({
  lengthScales,
  signalVariance,
  noiseVariance,
  detailVariance = 0,
}: FittedParameters): Float64Array {
  const multiple = Math.max(DETAIL_PRIOR.median, detailVariance / noiseVariance);
  return Float64Array.from([...lengthScales, signalVariance, noiseVariance + detailVariance, multiple], Math.log);
}
