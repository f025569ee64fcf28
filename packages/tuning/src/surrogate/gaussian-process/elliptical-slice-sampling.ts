// Samples parameters from their posterior distribution by elliptical slice sampling, a Markov
// chain.
//
//   p      number of parameters
//   θ      ln(parameter / median of its prior)            shape (p,)
//   ν      draw from the prior, normal with mean 0        shape (p,)
//   a      angle                                          radians
//   θ(a)   proposal θ cos a + ν sin a                     shape (p,)
//   L(θ)   likelihood; 0 outside the priors' bounds
//   h      level of the slice: ln L(θ) + ln(uniform)
//
// A step draws ν and h, and accepts the first θ(a) with ln L(θ(a)) > h. Every rejected angle
// becomes a limit of the next bracket, which always contains 0. The method has no step size to
// tune.
//
// With few observations, several parameters explain the data, above all different shares of noise.
// The maximum of the posterior density alone would give predictions with too little variance.
//
// Murray, Adams, MacKay, Elliptical Slice Sampling, 2010, figure 2.

import type { Random } from "../../random/random.js";
import type { LogNormalPrior } from "./prior.js";

/** The prior and the likelihood of parameters. */
export interface ParameterDistribution {
  /** Shape (p,). */
  readonly priors: readonly LogNormalPrior[];
  /** Returns ln L at the parameters' logarithms, shape (p,); -Infinity where L is not defined. */
  readonly logLikelihood: (logarithms: Float64Array) => number;
  /**
   * Logarithms of parameters, shape (p,). The chain starts at the more likely of this point and the
   * priors' medians.
   *
   * @default the priors' medians
   */
  readonly start?: Float64Array;
}

/** The length of the chain and its source of randomness. */
export interface Draws {
  /** Number of draws to return. */
  readonly count: number;
  /** Steps of the chain per draw; more steps make successive draws less dependent. */
  readonly stepsPerDraw: number;
  readonly random: Random;
}

/** Number of first draws to discard, because they depend on the start of the chain. */
const BURN_IN_DRAWS = 4;
/**
 * Upper limit of angles in one step. A rejection halves the bracket on average, so that 40 shrink
 * it to about 1e-12 of its width. Beyond the limit, the chain keeps its state for this step.
 */
const ANGLES_MAX = 40;

/** Draws logarithms of parameters, each draw of shape (p,). */
export function drawParameters(
  distribution: ParameterDistribution,
  { count, stepsPerDraw, random }: Draws,
): Float64Array[] {
  let state = startOf(distribution);
  const next = () => {
    for (let step = 0; step < stepsPerDraw; step++) state = stepFrom(state, distribution, random);
    return state.logarithms;
  };
  for (let i = 0; i < BURN_IN_DRAWS; i++) next();
  return Array.from({ length: count }, next);
}

/** A state of the Markov chain. */
interface ChainState {
  /** θ; shape (p,). */
  readonly theta: Float64Array;
  /** Logarithms of the parameters; shape (p,). */
  readonly logarithms: Float64Array;
  readonly logLikelihood: number;
}

function startOf(distribution: ParameterDistribution): ChainState {
  const { priors, start } = distribution;
  const median = stateAt(distribution, new Float64Array(priors.length));
  if (start === undefined) return median;
  const centred = start.map((value, i) => value - Math.log((priors[i] as LogNormalPrior).median));
  const given = stateAt(distribution, centred);
  return given.logLikelihood > median.logLikelihood ? given : median;
}

function stateAt({ priors, logLikelihood }: ParameterDistribution, theta: Float64Array): ChainState {
  const logarithms = theta.map((value, i) => value + Math.log((priors[i] as LogNormalPrior).median));
  const isWithin = priors.every(({ min, max }, i) => {
    const value = Math.exp(logarithms[i] as number);
    return value >= min && value <= max;
  });
  return { theta, logarithms, logLikelihood: isWithin ? logLikelihood(logarithms) : Number.NEGATIVE_INFINITY };
}

function stepFrom(from: ChainState, distribution: ParameterDistribution, random: Random): ChainState {
  const drawn = distribution.priors.map(({ spread }) => spread * random.normal());
  const level = from.logLikelihood + Math.log(1 - random.uniform());
  let angle = 2 * Math.PI * random.uniform();
  let [low, high] = [angle - 2 * Math.PI, angle];
  for (let tried = 0; tried < ANGLES_MAX; tried++) {
    const [cos, sin] = [Math.cos(angle), Math.sin(angle)];
    const next = stateAt(
      distribution,
      from.theta.map((value, i) => value * cos + (drawn[i] as number) * sin),
    );
    if (next.logLikelihood > level) return next;
    if (angle < 0) low = angle;
    else high = angle;
    angle = low + (high - low) * random.uniform();
  }
  return from;
}
