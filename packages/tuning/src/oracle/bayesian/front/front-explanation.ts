// The explanation of a suggestion with several objectives or with limits on outcomes.

import { logNormalCdf } from "../../../numeric/distribution/normal-distribution.js";
import type { Aims } from "../../../objective/outcomes.js";
import type { DesignSpace } from "../../../space/design-space.js";
import { cardinality } from "../../../space/discrete.js";
import type { Parameter, ParameterValues, SearchSpace } from "../../../space/parameter.js";
import { beliefOf, deviationOf } from "../../../surrogate/belief/belief.js";
import type { LimitModel, OutcomeModel } from "../../../surrogate/outcome-models.js";
import type { ExplainedBelief, FrontExplanation } from "../../contract/explanation.js";
import { pointsApart } from "../../contract/points-apart.js";
import type { RankedPoint } from "../acquisition/maximise.js";
import { isInside } from "../feasibility/chance-constraint.js";
import type { FrontCriterion } from "./front-criterion.js";

/** The search whose result is explained, and its study. */
export interface ExplainedSearch {
  readonly criterion: FrontCriterion;
  readonly ranked: readonly RankedPoint[];
  readonly values: ParameterValues;
  readonly space: SearchSpace;
  readonly aims: Aims;
}

/** Explains a suggestion: each outcome at the suggested point, and the acquisition function. */
export function explainFront(search: ExplainedSearch, design: DesignSpace): FrontExplanation {
  const { criterion, ranked, values, space, aims } = search;
  const { objectives, limits } = criterion.models;
  const point = design.encode(values);
  const parameters = Object.keys(space).filter((name) => cardinality(space[name] as Parameter) > 1);
  const byObjective = <V>(value: (model: OutcomeModel) => V) =>
    Object.fromEntries(objectives.map((model, i) => [aims.objectives[i]?.name, value(model)]));
  return {
    beliefs: byObjective((model) => beliefAt(model, point)),
    limits: limits.map((model) => ({ limit: model.limit.text, probability: probabilityAt(model, point) })),
    acquisition: {
      name: "log-expected-hypervolume-improvement",
      value: criterion.acquisition.value(point),
      ...(criterion.completion === undefined ? {} : { completion: Math.exp(criterion.completion.value(point)) }),
    },
    front: criterion.front.length,
    lengthScales: byObjective(
      ({
        surrogate: {
          parameters: { lengthScales },
        },
      }) => Object.fromEntries(parameters.map((name, k) => [name, lengthScales[k] as number])),
    ),
    runnersUp: pointsApart(
      ranked.filter(({ value }) => isInside(value)),
      point,
    ).map((candidate) => ({ values: design.decode(candidate.point), acquisition: candidate.value })),
  };
}

function beliefAt({ surrogate, goal }: OutcomeModel, point: Float64Array): ExplainedBelief {
  const components = [{ warp: surrogate.warped, target: surrogate.posterior.predict(point) }];
  const { scale } = surrogate.sample;
  return { ...beliefOf(components, { scale, goal }), sd: deviationOf(components, { scale }) };
}

/** Returns the probability that a limit holds at a point, given the completed trials alone. */
function probabilityAt({ surrogate, bound }: LimitModel, point: Float64Array): number {
  const { mean, variance } = surrogate.posterior.predict(point);
  return Math.exp(logNormalCdf((mean - bound) / Math.sqrt(variance)));
}
