import type { DesignSpace } from "../../../space/design-space.js";
import type { ParameterValues } from "../../../space/parameter.js";
import { type PointSet, pointAt, pointSet } from "../../../surrogate/gaussian-process/model.js";
import type { SuggestionRequest } from "../../contract/suggestion.js";
import type { Acquisition } from "../acquisition/acquisition.js";
import { timesProbability } from "../acquisition/times-probability.js";
import { feasibilityOf, type Labels, reliabilityOf } from "./feasibility.js";

/**
 * Upper limit of trials without an objective, of each kind; the latest ones are used. The cost is
 * cubic.
 */
const WITHOUT_OBJECTIVE_MAX = 100;
/**
 * Upper limit of completed trials in the model of failures; the latest ones are used. Several such
 * models are fitted.
 */
const COMPARED_MAX = 200;

/** The observed points of the surrogate and its length scales. */
export interface Observed {
  readonly observed: PointSet;
  readonly lengthScales: Float64Array;
}

/**
 * Returns the log probability that a trial completes: neither infeasible, nor failed, nor pruned
 * without an objective.
 *
 * @returns undefined if every trial completed, or rounding errors leave no positive definite
 * covariance
 */
export function completionOf(
  { infeasible, failed = [], pruned = [] }: SuggestionRequest,
  design: DesignSpace,
  { observed, lengthScales }: Observed,
): Acquisition | undefined {
  const labels = (points: readonly Float64Array[], bad: readonly ParameterValues[]): Labels => {
    const others = bad.slice(-WITHOUT_OBJECTIVE_MAX).map(design.encode);
    return { points: pointSet(observed.kinds, [...points, ...others]), good: points.length, lengthScales };
  };
  const points = Array.from({ length: observed.count }, (_, i) => pointAt(observed, i));
  const lost = [...failed, ...pruned.filter(({ objective }) => objective === undefined).map(({ values }) => values)];
  const feasibility = infeasible.length === 0 ? undefined : feasibilityOf(labels(points, infeasible));
  const reliability = lost.length === 0 ? undefined : reliabilityOf(labels(points.slice(-COMPARED_MAX), lost));
  if (feasibility === undefined || reliability === undefined) return feasibility ?? reliability;
  return timesProbability(feasibility, reliability);
}
