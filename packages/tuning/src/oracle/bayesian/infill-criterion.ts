// The criterion by which the search chooses the next point: the acquisition function over the
// surrogate, and the points that may be the best.

import type { Random } from "../../random/random.js";
import type { DesignSpace } from "../../space/design-space.js";
import { pointAt } from "../../surrogate/gaussian-process/model.js";
import type { Posterior } from "../../surrogate/gaussian-process/posterior.js";
import { fitSurrogate, isNoiseKnown, type Surrogate } from "../../surrogate/surrogate.js";
import type { SuggestionRequest } from "../contract/suggestion.js";
import type { Acquisition } from "./acquisition/acquisition.js";
import { expectedImprovement } from "./acquisition/fantasy-improvement.js";
import { timesProbability } from "./acquisition/times-probability.js";
import { chanceConstraint } from "./feasibility/chance-constraint.js";
import { completionOf } from "./feasibility/completion.js";

/** Number of best observations whose posterior means compete for the incumbent. */
const LEADING_OBSERVATIONS_MAX = 32;

/** The acquisition function of a request, and what it is made of. */
export interface InfillCriterion {
  readonly surrogate: Surrogate;
  readonly acquisition: Acquisition;
  /** `acquisition` with the constraint that a trial is likely enough to complete. */
  readonly ranking: Acquisition;
  /**
   * Log probability that a trial completes, a summand of `acquisition`. Absent if every trial of
   * the history completed.
   */
  readonly feasibility?: Acquisition;
  /** Observed and pending points by falling posterior mean. The first one is the incumbent. */
  readonly leadingPoints: readonly Float64Array[];
}

/**
 * Fits the surrogate of a request and builds the acquisition function.
 *
 * @returns undefined if rounding errors leave no positive definite covariance
 */
export function fitCriterion(
  request: SuggestionRequest,
  design: DesignSpace,
  random: Random,
): InfillCriterion | undefined {
  const surrogate = fitSurrogate(request, design, { pending: request.pending });
  if (surrogate === undefined) return undefined;
  const { sample, posterior, parameters, warped } = surrogate;
  const leadingPoints = leadingPointsOf(posterior, warped.targets);
  const noiseVariance = isNoiseKnown(sample) ? parameters.noiseVariance : 0;
  const settings = { leadingPoints, pending: request.pending.length, random, noiseVariance };
  const improvement = expectedImprovement(posterior, settings);
  const feasibility = completionOf(request, design, sample.points);
  if (feasibility === undefined) {
    return { surrogate, acquisition: improvement, ranking: improvement, leadingPoints };
  }
  const completed = leadingPoints.slice(0, LEADING_OBSERVATIONS_MAX);
  const constraint = chanceConstraint(request, { probability: feasibility, design, completed, random });
  return {
    surrogate,
    acquisition: timesProbability(improvement, feasibility),
    ranking: timesProbability(improvement, constraint),
    feasibility,
    leadingPoints,
  };
}

/**
 * Compares posterior means and not observations, because the best of noisy observations is partly
 * luck.
 */
function leadingPointsOf(posterior: Posterior, targets: Float64Array): Float64Array[] {
  const best = Array.from(targets, (target, i) => ({ i, target }))
    .sort((a, b) => b.target - a.target)
    .slice(0, LEADING_OBSERVATIONS_MAX);
  const pending = Array.from({ length: posterior.points.count - targets.length }, (_, j) => targets.length + j);
  return [...best.map(({ i }) => i), ...pending]
    .map((i) => pointAt(posterior.points, i))
    .map((point) => ({ point, mean: posterior.predict(point).mean }))
    .sort((a, b) => b.mean - a.mean)
    .map(({ point }) => point);
}
