// What KerasTuner's process believed when it suggested a point. Pending trials count as it takes them: for what the
// process expects of them.

import { expectedGain, improvementProbability } from "../bayesian/acquisition/improvement.js";
import type { Explainer, ModelExplanation } from "../contract/explanation.js";
import type { SuggestionRequest } from "../contract/oracle.js";
import { pointsApart } from "../contract/points-apart.js";
import { BETA } from "./acquisition.js";
import { ALPHA } from "./gaussian-process.js";
import { decide, type ModelSearch, pointOf, valuesAt } from "./keras-tuner-oracle.js";

const Z_95 = 1.959963984540054;
/** A process is certain of its points; one is not certain to improve on itself. */
const SD_SHARE_MIN = 1e-9;

/**
 * Explains KerasTuner's oracle: the place in its random phase, or what its process saw.
 *
 * @param isFaithful - with both defects
 */
export function explainKerasTuner(isFaithful: boolean): Explainer {
  return (request) => {
    const { suggestion, initialTrials, model } = decide(request, isFaithful);
    if (suggestion === "exhausted") return suggestion;
    if (model !== undefined) return { suggestion, model: explainSearch(request, model, suggestion.values) };
    return { suggestion, place: { index: request.trialNumber, count: initialTrials } };
  };
}

function explainSearch(
  request: SuggestionRequest,
  model: ModelSearch,
  values: Parameters<typeof pointOf>[2],
): ModelExplanation {
  const { space, goal } = request;
  const { regressor, names } = model;
  const sign = goal === "maximize" ? -1 : 1;
  const boundAt = (point: Float64Array) => {
    const { mean, sd } = regressor.predict(point);
    return sign * (mean - BETA * sd);
  };
  const point = pointOf(space, names, values);
  const { mean, sd } = regressor.predict(point);
  const best = bestExpected(request, model);
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

function bestExpected({ space, completed }: SuggestionRequest, { regressor, names }: ModelSearch) {
  return completed
    .map(({ values }) => ({ values, loss: regressor.predict(pointOf(space, names, values)).mean }))
    .reduce((best, other) => (other.loss < best.loss ? other : best));
}
