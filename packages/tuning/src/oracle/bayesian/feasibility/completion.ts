import type { DesignSpace } from "../../../space/design-space.js";
import type { ParameterValues } from "../../../space/parameter.js";
import { type PointSet, pointAt, pointSet } from "../../../surrogate/gaussian-process/model.js";
import type { SuggestionRequest } from "../../contract/suggestion.js";
import type { Acquisition } from "../acquisition/acquisition.js";
import { timesProbability } from "../acquisition/times-probability.js";
import { feasibilityOf, reliabilityOf } from "./completion-probability.js";
import type { LabelledPoints } from "./latent-fit.js";

/**
 * Upper limit of trials without an objective, of each kind; the latest ones are used. The cost is
 * cubic.
 */
const WITHOUT_OBJECTIVE_MAX = 100;
/** Upper limit of completed trials, the latest ones. */
const COMPLETED_MAX = 100;

/**
 * Returns the log probability that a trial completes: neither infeasible, nor failed, nor pruned
 * without an objective.
 *
 * @returns undefined if every trial completed, or rounding errors leave no positive definite
 * covariance
 */
export function completionOf(
  { infeasible, failed = [], pruned = [], isCautious = false }: SuggestionRequest,
  design: DesignSpace,
  observed: PointSet,
): Acquisition | undefined {
  const completed = Array.from({ length: observed.count }, (_, i) => pointAt(observed, i)).slice(-COMPLETED_MAX);
  const labelled = (lost: readonly ParameterValues[]): LabelledPoints => {
    const others = lost.slice(-WITHOUT_OBJECTIVE_MAX).map(design.encode);
    return {
      points: pointSet(observed.kinds, [...completed, ...others]),
      labels: [...completed.map(() => 1 as const), ...others.map(() => -1 as const)],
    };
  };
  const lost = [...failed, ...pruned.filter(({ objective }) => objective === undefined).map(({ values }) => values)];
  const feasibility = infeasible.length === 0 ? undefined : feasibilityOf(labelled(infeasible));
  // Caution takes every failure for one that the values cause.
  const probabilityOf = isCautious ? feasibilityOf : reliabilityOf;
  const reliability = lost.length === 0 ? undefined : probabilityOf(labelled(lost));
  if (feasibility === undefined || reliability === undefined) return feasibility ?? reliability;
  return timesProbability(feasibility, reliability);
}
