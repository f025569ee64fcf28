// The surrogates over which a belief is averaged. The search uses one surrogate with a warp, whose
// priors (fit.ts) favour detail. With few and noisy observations that surrogate takes the luckiest
// observation for the optimum, so beliefs average over draws of the parameters without a warp.

import type { StudyHistory } from "../../objective/observation.js";
import { createRandom, deriveSeed } from "../../random/random.js";
import type { DesignSpace } from "../../space/design-space.js";
import { type FittedParameters, parametersAt } from "../fit.js";
import { drawParameters } from "../gaussian-process/elliptical-slice-sampling.js";
import { MarginalLikelihood } from "../gaussian-process/marginal-likelihood.js";
import { MEAN_CURVATURE, withoutPriorMean } from "../gaussian-process/mean-function.js";
import { type LogNormalPrior, lengthScalePrior, logDensity, SIGNAL_PRIOR } from "../gaussian-process/prior.js";
import { withDivergedTrials } from "../observation/diverged-trials.js";
import { type Sample, thin } from "../observation/observed-losses.js";
import { fitSurrogate, type Surrogate, surrogateAt } from "../surrogate.js";
import { warp } from "../warping/log-warp.js";
import { targetNoise } from "../warping/target-noise.js";

/** Number of draws of the parameters. */
const DRAWS = 32;
/** With more observations the posterior of the parameters is narrow, and its mode suffices. */
const DRAWN_OBSERVATIONS_MAX = 150;
/**
 * Steps of the sampler between two draws: STEPS_OBSERVATIONS / n for n observations, from 1 to
 * STEPS_PER_DRAW_MAX. The cost of a step is cubic in n.
 */
const STEPS_PER_DRAW_MAX = 8;
const STEPS_OBSERVATIONS = 200;
/**
 * Prior of the noise variance, relative to the variance of the targets. It is wide: few
 * observations may be nothing but noise, or nearly exact.
 */
const NOISE_PRIOR: LogNormalPrior = { median: 1, spread: 2.5, min: 1e-8, max: 1e3 };
/**
 * Prior of the ratio of detail variance to noise variance. Only observations next to each other
 * distinguish the two. Where there are none, the prior decides: P(ratio < 1) = 7/8.
 */
const DETAIL_PRIOR: LogNormalPrior = { median: 0.01, spread: 4, min: 1e-9, max: 1e9 };
/** Ratios of detail to noise that are compared where parameters are not drawn. */
const DETAIL_RATIOS = [0.1, 1, 10, 100, 1e3, 1e4, 1e6];
/**
 * Bend of the warp, in units of the median loss, at which losses up to 1,000 medians stay linear.
 */
const STRAIGHT_BEND = 1e3;
/**
 * Log likelihood ratio of strong evidence, 20 to 1 (Kass, Raftery, Bayes factors, 1995, section
 * 3.2).
 */
const STRONG_EVIDENCE = 3;

/**
 * Returns equally weighted surrogates of a history's completed trials: without a warp, with
 * parameters drawn from their posterior. Returns the most probable surrogate alone if observations
 * are many, or if there is strong evidence for its warp.
 *
 * @returns undefined if rounding errors leave no positive definite covariance
 */
export function credibleSurrogates(history: StudyHistory, design: DesignSpace): readonly Surrogate[] | undefined {
  const fitted = fitSurrogate(withDivergedTrials(history), design);
  if (fitted === undefined) return undefined;
  const { sample } = fitted;
  const probable = withProbableDetail(fitted);
  if (sample.losses.length > DRAWN_OBSERVATIONS_MAX) return [probable];
  const drawn = drawStraight(probable, history.seed);
  const evidence = evidenceOf(sample);
  if (evidence(probable.parameters) - Math.max(...drawn.map(evidence)) > STRONG_EVIDENCE) return [probable];
  const surrogates = drawn.flatMap((parameters) => surrogateAt(sample, parameters) ?? []);
  return surrogates.length > 0 ? surrogates : [probable];
}

/** Returns the surrogate with the most probable ratio of detail to noise, 0 included. */
function withProbableDetail(fitted: Surrogate): Surrogate {
  const evidence = evidenceOf(thin(fitted.sample, DRAWN_OBSERVATIONS_MAX));
  let best = { parameters: fitted.parameters, density: evidence(fitted.parameters) };
  for (const ratio of DETAIL_RATIOS) {
    const parameters = withDetail(fitted.parameters, ratio);
    const density = evidence(parameters) + logDensity(DETAIL_PRIOR, Math.log(ratio)).value;
    if (density > best.density) best = { parameters, density };
  }
  if (best.parameters === fitted.parameters) return fitted;
  return surrogateAt(fitted.sample, best.parameters) ?? fitted;
}

/** Draws parameters without a warp from their posterior. */
function drawStraight({ sample, parameters }: Surrogate, seed: number): FittedParameters[] {
  const d = sample.points.kinds.length;
  const steps = Math.round(STEPS_OBSERVATIONS / sample.losses.length);
  const evidence = evidenceOf(sample);
  const straightAt = (logarithms: Float64Array): FittedParameters => {
    const fitted = parametersAt(Float64Array.from([...logarithms.subarray(0, d + 2), Math.log(STRAIGHT_BEND)]));
    return {
      ...withDetail(fitted, Math.exp(logarithms[d + 2] as number)),
      meanCurvature: MEAN_CURVATURE,
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
 * Returns the log likelihood of the losses as a function of the parameters. The best observations
 * are left out: their losses are 0 by definition, and their density grows without bound as the
 * bend falls.
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

/** Splits the noise variance s of parameters into noise s / (1 + ratio) and detail, the rest. */
function withDetail(parameters: FittedParameters, ratio: number): FittedParameters {
  const noiseVariance = parameters.noiseVariance / (1 + ratio);
  return { ...parameters, noiseVariance, detailVariance: parameters.noiseVariance - noiseVariance };
}

/**
 * Returns the logarithms of the drawn parameters: length scales, signal variance, noise plus
 * detail variance, and the ratio of detail to noise, at least the median of its prior.
 */
function logarithmsOf({
  lengthScales,
  signalVariance,
  noiseVariance,
  detailVariance = 0,
}: FittedParameters): Float64Array {
  const ratio = Math.max(DETAIL_PRIOR.median, detailVariance / noiseVariance);
  return Float64Array.from([...lengthScales, signalVariance, noiseVariance + detailVariance, ratio], Math.log);
}
