// The process of the objective: a request's observations as targets, the parameters that they make most probable, and what
// follows for any other point.

import type { SuggestionRequest } from "../oracle/contract/suggestion.js";
import type { DesignSpace } from "../space/design-space.js";
import { type FittedParameters, fitParameters } from "./fit.js";
import { withPoints } from "./gaussian-process/model.js";
import { conditionOn, type Posterior } from "./gaussian-process/posterior.js";
import { type Sample, sampleOf, thin } from "./observation/observed-losses.js";
import { type Warped, warp } from "./warping/log-warp.js";
import { targetNoise } from "./warping/target-noise.js";

/** The parameters are fitted to as many observations: more tell little about them and cost their cube. */
const FIT_POINTS_MAX = 150;

/** The process of the observations, and how its targets come of them. */
export interface ObjectiveProcess {
  readonly sample: Sample;
  readonly parameters: FittedParameters;
  readonly warped: Warped;
  /** Of targets. Pending points follow those observed. */
  readonly posterior: Posterior;
}

/**
 * Fits the process of a request's observations. The points of pending trials follow those observed.
 *
 * @returns undefined if rounding leaves no process that can be computed with
 */
export function processOf(request: SuggestionRequest, design: DesignSpace): ObjectiveProcess | undefined {
  const sample = sampleOf(request, design);
  const parameters = fitParameters(thin(sample, FIT_POINTS_MAX));
  return processAt(sample, parameters, request.pending.map(design.encode));
}

/**
 * The process of a sample at given parameters.
 *
 * @returns undefined if rounding leaves no process that can be computed with
 */
export function processAt(
  sample: Sample,
  fitted: FittedParameters,
  pending: readonly Float64Array[] = [],
): ObjectiveProcess | undefined {
  const { points, losses, noise } = sample;
  const warped = warp(losses, fitted.bend);
  const stated = noise && targetNoise({ losses, noise }, warped).variances;
  const parameters = stated === undefined ? fitted : withStatedNoise(fitted, stated);
  const posterior = conditionOn(withPoints(points, pending), warped.targets, parameters);
  return posterior === undefined ? undefined : { sample, parameters, warped, posterior };
}

/** Where every observation states its noise, nothing is learnt of any other, and the next one will have as much. */
function withStatedNoise(fitted: FittedParameters, stated: Float64Array): FittedParameters {
  if (stated.some(Number.isNaN)) return { ...fitted, statedNoise: stated };
  const typical = stated.toSorted()[Math.floor(stated.length / 2)] as number;
  return { ...fitted, statedNoise: stated, noiseVariance: Math.min(1, typical) };
}
