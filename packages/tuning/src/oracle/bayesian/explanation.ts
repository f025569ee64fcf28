// The explanation of a suggestion: the posterior at the suggested point, the acquisition function,
// and the kernel, in the objective's units.

import type { DesignSpace } from "../../space/design-space.js";
import { cardinality } from "../../space/discrete.js";
import type { Parameter, ParameterValues, SearchSpace } from "../../space/parameter.js";
import { beliefOf, deviationOf } from "../../surrogate/belief/belief.js";
import { conditionOnRows } from "../../surrogate/fidelity/fidelity-covariance.js";
import { isFidelitySurrogate } from "../../surrogate/fidelity/fidelity-surrogate.js";
import { conditionOn, type Posterior, type Prediction } from "../../surrogate/gaussian-process/posterior.js";
import { objectiveAtTarget, type Units } from "../../surrogate/observation/objective-units.js";
import type { Surrogate } from "../../surrogate/surrogate.js";
import type {
  ExplainedAcquisition,
  ExplainedCandidate,
  ExplainedKernel,
  Explanation,
  ModelExplanation,
  SequencePlace,
} from "../contract/explanation.js";
import { pointsApart } from "../contract/points-apart.js";
import { type SuggestionRequest, suggestionIndexOf } from "../contract/suggestion.js";
import { expectedGain, improvementProbability } from "./acquisition/improvement.js";
import { isInside } from "./feasibility/chance-constraint.js";
import { explainFront } from "./front/front-explanation.js";
import type { InfillCriterion } from "./infill-criterion.js";
import { type Decision, initialTrials, type ModelSearch, madeTrials } from "./model-search.js";

/**
 * Explains a decision: the place in the initial design, or the surrogate's view of the suggested
 * point.
 */
export function explainDecision(request: SuggestionRequest, decision: Decision): Explanation | "exhausted" {
  const { suggestion, design, search, frontSearch } = decision;
  if (suggestion === "exhausted") return suggestion;
  const { space, aims } = request;
  if (frontSearch !== undefined && aims !== undefined) {
    return { suggestion, front: explainFront({ ...frontSearch, space, aims }, design) };
  }
  if (search !== undefined) return { suggestion, model: explainSearch(request, design, search) };
  return { suggestion, place: designPlace(request, design) };
}

/** Returns the place in the initial design, which other trials shorten and failed ones extend. */
function designPlace(request: SuggestionRequest, design: DesignSpace): SequencePlace {
  const index = suggestionIndexOf(request);
  return { index, count: index + Math.max(1, initialTrials(design) - madeTrials(request)) };
}

function explainSearch(request: SuggestionRequest, design: DesignSpace, search: ModelSearch): ModelExplanation {
  const { criterion, values } = search;
  const { surrogate } = criterion;
  const point = design.encode(values);
  const posterior = knownProcess(surrogate);
  const units: Units = { warped: surrogate.warped, scale: surrogate.sample.scale, goal: request.goal };
  const best = bestTrial(request, design, { criterion, posterior });
  const prediction = posterior.predict(point);
  const mixtureAt = (target: Prediction) => [{ warp: surrogate.warped, target }];
  const predicted = mixtureAt(prediction);
  return {
    belief: { ...beliefOf(predicted, units), sd: deviationOf(predicted, units) },
    best: { values: best.values, mean: beliefOf(mixtureAt(best.prediction), units).mean },
    acquisition: explainAcquisition({ criterion, units, prediction, best: best.prediction.mean }, point),
    kernel: explainKernel(request.space, surrogate, { units, at: prediction.mean }),
    runnersUp: runnersUp(search, design, point),
  };
}

/** Returns the posterior without the pending trials, with the parameters of the surrogate. */
export function knownProcess(surrogate: Surrogate): Posterior {
  const { posterior, warped, parameters } = surrogate;
  if (isFidelitySurrogate(surrogate)) {
    return conditionOnRows(surrogate.rows, warped.targets, surrogate.parameters) ?? posterior;
  }
  const { kinds, count, coordinates } = posterior.points;
  const observed = warped.targets.length;
  if (observed === count) return posterior;
  const points = { kinds, count: observed, coordinates: coordinates.slice(0, observed * kinds.length) };
  return conditionOn(points, warped.targets, parameters) ?? posterior;
}

/**
 * Returns the completed trial with the best posterior mean; before the first one of a study with
 * fidelities, any trial with a result. It is one of the criterion's leading points.
 */
export function bestTrial(
  { completed, partial = [] }: SuggestionRequest,
  design: DesignSpace,
  { criterion, posterior }: { readonly criterion: InfillCriterion; readonly posterior: Posterior },
): { readonly values: ParameterValues; readonly prediction: Prediction } {
  const known = completed.length > 0 ? completed : partial;
  const observed = new Map(known.map(({ values }) => [design.encode(values).join(), values]));
  return criterion.leadingPoints
    .flatMap((point) => {
      const values = observed.get(point.join());
      return values === undefined ? [] : [{ values, prediction: posterior.predict(point) }];
    })
    .reduce((best, other) => (other.prediction.mean > best.prediction.mean ? other : best));
}

/** The suggested point's prediction beside the best completed trial. */
interface Comparison {
  readonly criterion: InfillCriterion;
  readonly units: Units;
  readonly prediction: Prediction;
  /** Target of the best completed trial: its posterior mean. */
  readonly best: number;
}

function explainAcquisition(
  { criterion, units, prediction, best }: Comparison,
  point: Float64Array,
): ExplainedAcquisition {
  const target = { mean: prediction.mean, sd: Math.sqrt(prediction.variance) };
  const gain = (reached: number) => Math.abs(objectiveAtTarget(units, reached) - objectiveAtTarget(units, best));
  return {
    name: "log-expected-improvement",
    value: criterion.acquisition.value(point),
    expectedImprovement: expectedGain(target, best, gain),
    probabilityOfImprovement: improvementProbability(target, best),
    ...(criterion.feasibility === undefined ? {} : { feasibility: Math.exp(criterion.feasibility.value(point)) }),
  };
}

function explainKernel(
  space: SearchSpace,
  { parameters, sample }: Surrogate,
  { units, at }: { readonly units: Units; readonly at: number },
): ExplainedKernel {
  const names = Object.keys(space).filter((name) => cardinality(space[name] as Parameter) > 1);
  return {
    lengthScales: Object.fromEntries(names.map((name, i) => [name, parameters.lengthScales[i] as number])),
    signalSd: spreadAt(units, 0, Math.sqrt(parameters.signalVariance)),
    noiseSd: spreadAt(units, at, Math.sqrt(parameters.noiseVariance)),
    bend: parameters.bend * sample.scale.unit * sample.scale.size,
  };
}

/** Returns half the change of the objective from `target - sd` to `target + sd`. */
function spreadAt(units: Units, target: number, sd: number): number {
  return Math.abs(objectiveAtTarget(units, target + sd) / 2 - objectiveAtTarget(units, target - sd) / 2);
}

function runnersUp({ ranked }: ModelSearch, design: DesignSpace, chosen: Float64Array): ExplainedCandidate[] {
  const allowed = ranked.filter(({ value }) => isInside(value));
  return pointsApart(allowed, chosen).map(({ point, value }) => ({ values: design.decode(point), acquisition: value }));
}
