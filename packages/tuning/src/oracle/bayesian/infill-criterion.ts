// The criterion by which the search chooses the next point: the acquisition function over the
// surrogate, and the points that may be the best.

import type { Random } from "../../random/random.js";
import type { DesignSpace } from "../../space/design-space.js";
import type { ParameterValues } from "../../space/parameter.js";
import { fitFidelitySurrogate, isFidelitySurrogate } from "../../surrogate/fidelity/fidelity-surrogate.js";
import { trialPoints } from "../../surrogate/fidelity/rows.js";
import { pointAt } from "../../surrogate/gaussian-process/model.js";
import { fitSurrogate, isNoiseKnown, type Surrogate } from "../../surrogate/surrogate.js";
import type { SuggestionRequest } from "../contract/suggestion.js";
import type { Acquisition } from "./acquisition/acquisition.js";
import { expectedImprovement } from "./acquisition/fantasy-improvement.js";
import { timesProbability } from "./acquisition/times-probability.js";
import { chanceConstraint } from "./feasibility/chance-constraint.js";
import { completionOf } from "./feasibility/completion.js";

/** Number of best observations whose posterior means compete for the incumbent. */
const LEADING_OBSERVATIONS_MAX = 32;

/** Upper limit of stopped trials that count as pending. Each costs a fantasy at every candidate. */
const UNFINISHED_MAX = 50;

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
  const pending = [...request.pending, ...unfinished(request)];
  const surrogate =
    request.partial === undefined
      ? fitSurrogate(request, design, { pending })
      : fitFidelitySurrogate(request, design, pending);
  if (surrogate === undefined) return undefined;
  const { sample, posterior, parameters } = surrogate;
  const leadingPoints = leadingPointsOf(surrogate, pending.length);
  const noiseVariance = isNoiseKnown(sample) ? parameters.noiseVariance : 0;
  const settings = { leadingPoints, pending: pending.length, random, noiseVariance };
  const improvement = expectedImprovement(posterior, settings);
  const observed = isFidelitySurrogate(surrogate) ? trialPoints(surrogate.rows) : sample.points;
  const feasibility = completionOf(request, design, observed);
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
 * Returns the trials that a pruner stopped, the latest ones. Their final results are unknown, and
 * count as pending: one more trial beside them would end at the same rung and show nothing new.
 */
function unfinished({ partial, pruned = [] }: SuggestionRequest): ParameterValues[] {
  return partial === undefined ? [] : pruned.slice(-UNFINISHED_MAX).map(({ values }) => values);
}

/**
 * Compares posterior means and not observations, because the best of noisy observations is partly
 * luck.
 */
function leadingPointsOf({ sample, posterior, warped }: Surrogate, pending: number): Float64Array[] {
  // Of several rows of a trial, only its final result may be the incumbent.
  const isSample = sample.points.count === warped.targets.length;
  const ranks = isSample ? warped.targets : sample.losses.map((loss) => -loss);
  const best = Array.from(ranks, (rank, i) => ({ i, rank }))
    .sort((a, b) => b.rank - a.rank)
    .slice(0, LEADING_OBSERVATIONS_MAX)
    .map(({ i }) => pointAt(sample.points, i));
  const observed = posterior.points.count - pending;
  const underWay = Array.from({ length: pending }, (_, j) => pointAt(posterior.points, observed + j));
  return [...best, ...underWay]
    .map((point) => ({ point, mean: posterior.predict(point).mean }))
    .sort((a, b) => b.mean - a.mean)
    .map(({ point }) => point);
}
