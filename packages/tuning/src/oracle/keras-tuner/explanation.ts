// The explanation of a suggestion by KerasTuner's model. As in KerasTuner, pending trials are
// observations whose targets the model predicted.

import { signOf } from "../../objective/goal.js";
import { expectedGain, improvementProbability } from "../bayesian/acquisition/improvement.js";
import type { Explanation, ModelExplanation } from "../contract/explanation.js";
import { pointsApart } from "../contract/points-apart.js";
import { type SuggestionRequest, suggestionIndexOf } from "../contract/suggestion.js";
import { BETA } from "./acquisition.js";
import { ALPHA } from "./gaussian-process.js";
import { type Decision, type ModelSearch, pointOf, valuesAt } from "./model-search.js";

/** The 97.5 % quantile of the standard normal distribution. */
const Z_95 = 1.959963984540054;
/** Smallest standard deviation, relative to the unit: at an observed point it may round to 0. */
const SD_SHARE_MIN = 1e-9;

/**
 * Explains a decision: the place in the random phase, or the model's view of the suggested point.
 */
export function explainDecision(request: SuggestionRequest, decision: Decision): Explanation | "exhausted" {
  const { suggestion, initialTrials, draw, model } = decision;
  if (suggestion === "exhausted") return suggestion;
  if (model !== undefined) return { suggestion, model: explainSearch(request, model, suggestion.values) };
  return { suggestion, place: { index: draw ?? suggestionIndexOf(request), count: initialTrials } };
}

function explainSearch(
  request: SuggestionRequest,
  model: ModelSearch,
  values: Parameters<typeof pointOf>[2],
): ModelExplanation {
  const { space, goal } = request;
  const { regressor, names } = model;
  const sign = -signOf(goal);
  const boundAt = (point: Float64Array) => {
    const { mean, sd } = regressor.predict(point);
    return sign * (mean - BETA * sd);
  };
  const point = pointOf(space, names, values);
  const { mean, sd } = regressor.predict(point);
  const best = bestTrial(request, model);
  const target = { mean: -mean, sd: Math.max(sd, SD_SHARE_MIN * regressor.unit) };
  return {
    belief: { mean: sign * mean, sd, low: sign * mean - Z_95 * sd, high: sign * mean + Z_95 * sd },
    best: { values: best.values, mean: sign * best.loss },
    acquisition: {
      name: "confidence-bound",
      value: boundAt(point),
      expectedImprovement: expectedGain(target, -best.loss, (reached) => reached + best.loss),
      probabilityOfImprovement: improvementProbability(target, -best.loss),
    },
    kernel: {
      lengthScales: Object.fromEntries(names.map((name) => [name, regressor.lengthScale])),
      signalSd: regressor.unit,
      noiseSd: regressor.unit * Math.sqrt(ALPHA),
    },
    runnersUp: pointsApart(
      model.points.map((candidate) => ({ point: candidate })),
      point,
    ).map((other) => ({ values: valuesAt(space, names, other.point), acquisition: boundAt(other.point) })),
  };
}

/** Returns the completed trial with the best posterior mean. */
function bestTrial({ space, completed }: SuggestionRequest, { regressor, names }: ModelSearch) {
  return completed
    .map(({ values }) => ({ values, loss: regressor.predict(pointOf(space, names, values)).mean }))
    .reduce((best, other) => (other.loss < best.loss ? other : best));
}
