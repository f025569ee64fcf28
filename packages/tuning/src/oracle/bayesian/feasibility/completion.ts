import type { DesignSpace } from "../../../space/design-space.js";
import type { ParameterValues } from "../../../space/parameter.js";
import { type PointSet, pointAt, pointSet } from "../../../surrogate/gaussian-process/model.js";
import type { SuggestionRequest } from "../../contract/suggestion.js";
import type { Acquisition } from "../acquisition/acquisition.js";
import { timesProbability } from "../acquisition/times-probability.js";
import { feasibilityOf, type Labels, reliabilityOf } from "./feasibility.js";

/** Trials without an objective that are kept in mind, of each kind: the latest. */
const WITHOUT_OBJECTIVE_MAX = 100;
/** Completed trials that failed ones are compared with: the latest, for the processes of failure are several. */
const COMPARED_MAX = 200;

/** What the process of the objective knows. */
export interface Observed {
  readonly observed: PointSet;
  readonly lengthScales: Float64Array;
}

/**
 * The logarithm of the probability that a trial ends with an objective.
 *
 * @returns undefined where every trial of the request did, or rounding leaves no process that can be computed with
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
