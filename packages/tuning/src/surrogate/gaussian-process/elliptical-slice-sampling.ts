// Draws parameters by their posterior density. Few observations leave much open, above all how much of what they show is
// noise, and the most probable parameters alone would make the process too sure of itself.
//
//   θ     logarithms of the parameters less those of the priors' medians; normal a priori, within bounds
//   ν     a draw from the prior
//   θ(a)  θ cos a + ν sin a: an ellipse, on which every point comes as likely from the prior as θ
//
// Murray, Adams, MacKay, Elliptical Slice Sampling, 2010, figure 2: nothing to tune, and every step moves.

import type { Random } from "../../random/random.js";
import type { LogNormalPrior } from "./prior.js";

/** What is drawn from. */
export interface ParameterDistribution {
  readonly priors: readonly LogNormalPrior[];
  /** The logarithm of the likelihood at logarithms of the parameters; -Infinity where there is none. */
  readonly logLikelihood: (logarithms: Float64Array) => number;
  /** Logarithms of parameters that may be likelier than the priors' medians: the walk begins at the likelier of the two. */
  readonly start?: Float64Array;
}

/** How many draws to take, and of how many steps only the last counts. */
export interface Draws {
  readonly count: number;
  readonly stepsPerDraw: number;
  readonly random: Random;
}

/** Draws that count for nothing, as they depend on where the walk began. */
const FIRST_DRAWS = 4;
/** Angles tried for one step: the bracket halves with each, on average. */
const ANGLES_MAX = 40;

/** Draws logarithms of parameters, each of shape (priors,). */
export function drawParameters(
  distribution: ParameterDistribution,
  { count, stepsPerDraw, random }: Draws,
): Float64Array[] {
  let place = startOf(distribution);
  const next = () => {
    for (let step = 0; step < stepsPerDraw; step++) place = stepFrom(place, distribution, random);
    return place.logarithms;
  };
  for (let i = 0; i < FIRST_DRAWS; i++) next();
  return Array.from({ length: count }, next);
}

interface Place {
  readonly theta: Float64Array;
  readonly logarithms: Float64Array;
  readonly logLikelihood: number;
}

function startOf(distribution: ParameterDistribution): Place {
  const { priors, start } = distribution;
  const median = placeAt(distribution, new Float64Array(priors.length));
  if (start === undefined) return median;
  const centred = start.map((value, i) => value - Math.log((priors[i] as LogNormalPrior).median));
  const given = placeAt(distribution, centred);
  return given.logLikelihood > median.logLikelihood ? given : median;
}

function placeAt({ priors, logLikelihood }: ParameterDistribution, theta: Float64Array): Place {
  const logarithms = theta.map((value, i) => value + Math.log((priors[i] as LogNormalPrior).median));
  const isWithin = priors.every(({ min, max }, i) => {
    const value = Math.exp(logarithms[i] as number);
    return value >= min && value <= max;
  });
  return { theta, logarithms, logLikelihood: isWithin ? logLikelihood(logarithms) : Number.NEGATIVE_INFINITY };
}

function stepFrom(from: Place, distribution: ParameterDistribution, random: Random): Place {
  const drawn = distribution.priors.map(({ spread }) => spread * random.normal());
  const level = from.logLikelihood + Math.log(1 - random.uniform());
  let angle = 2 * Math.PI * random.uniform();
  let [low, high] = [angle - 2 * Math.PI, angle];
  for (let tried = 0; tried < ANGLES_MAX; tried++) {
    const [cos, sin] = [Math.cos(angle), Math.sin(angle)];
    const next = placeAt(
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
