// What the oracle believes of the objective: the process fitted to the observations, with the points of infeasible and of
// pending trials.

import type { Random } from "../../random/random.js";
import type { SuggestionRequest } from "../oracle.js";
import { expectedImprovement } from "./acquisition/fantasy-improvement.js";
import type { Acquisition } from "./acquisition/maximise.js";
import type { DesignSpace } from "./dimension.js";
import { fitParameters, type FittedParameters } from "./gaussian-process/fit.js";
import { pointAt, pointSet } from "./gaussian-process/model.js";
import { conditionOn, type Posterior } from "./gaussian-process/posterior.js";
import { sampleOf, thin } from "./training-set.js";
import { warp } from "./warping/log-warp.js";

/** The parameters are fitted to as many observations: more tell little about them and cost their cube. */
const FIT_POINTS_MAX = 150;
/** Infeasible points that are kept in mind: the latest. */
const INFEASIBLE_MAX = 100;
/** How much worse than the worst observation an infeasible point counts, in standard deviations of the observations. */
const INFEASIBLE_STEP = 0.5;

export interface Surrogate {
  readonly acquisition: Acquisition;
  /** Observed and pending points by falling expectation, a few. */
  readonly contenders: readonly Float64Array[];
  readonly parameters: FittedParameters;
  readonly posterior: Posterior;
}

/**
 * Fits the process and builds the acquisition function.
 *
 * @returns undefined if rounding leaves no process that can be computed with
 */
export function surrogateOf(request: SuggestionRequest, design: DesignSpace, random: Random): Surrogate | undefined {
  const sample = sampleOf(request, design);
  const parameters = fitParameters(thin(sample, FIT_POINTS_MAX));
  const { targets } = warp(sample.losses, parameters.bend);
  const infeasible = request.infeasible.slice(-INFEASIBLE_MAX).map(design.encode);
  const low = targets.reduce((least, value) => Math.min(least, value)) - INFEASIBLE_STEP;
  const known = Float64Array.from([...targets, ...infeasible.map(() => low)]);
  const pending = request.pending.map(design.encode);
  const observed = Array.from(targets, (_, i) => pointAt(sample.points, i));
  const points = pointSet(design.dimensions, [...observed, ...infeasible, ...pending]);
  const posterior = conditionOn(points, known, parameters);
  if (posterior === undefined) return undefined;
  const contenders = contendersOf(posterior, known, pending);
  const acquisition = expectedImprovement(posterior, { contenders, pending: pending.length, random });
  return { acquisition, contenders, parameters, posterior };
}

const CONTENDERS_MAX = 8;

/** Expectations and not observations are compared, for the best of noisy observations is partly luck. */
function contendersOf(posterior: Posterior, known: Float64Array, pending: readonly Float64Array[]): Float64Array[] {
  const order = Array.from(known, (target, i) => ({ i, target })).sort((a, b) => b.target - a.target);
  const likely = order.slice(0, 4 * CONTENDERS_MAX).map(({ i }) => pointAt(posterior.points, i));
  return [...likely, ...pending]
    .map((point) => ({ point, mean: posterior.predict(point).mean }))
    .sort((a, b) => b.mean - a.mean)
    .slice(0, CONTENDERS_MAX + pending.length)
    .map(({ point }) => point);
}
