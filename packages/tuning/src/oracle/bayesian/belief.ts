import type { ParameterValues } from "../../space/parameter.js";
import type { SuggestionRequest } from "../oracle.js";
import { designSpace } from "./dimension.js";
import { fitKernel } from "./gaussian-process/fit.js";
import { conditionOn } from "./gaussian-process/posterior.js";
import { standardise, thin, trainingSet } from "./training-set.js";

/** What is believed of the objective at a point, without the noise of a measurement; in the objective's units. */
export interface Belief {
  readonly mean: number;
  /** Ends of the interval that holds it with a probability of 95 %. */
  readonly low: number;
  readonly high: number;
}

const FIT_POINTS_MAX = 150;
/** Two-sided quantile of the normal distribution at 95 %. */
const Z_95 = 1.959963984540054;
/** Fewer observations say nothing about the size of the objective's differences. */
const OBSERVATIONS_MIN = 3;

/**
 * What the surrogate believes of the objective at given values, from the completed trials of a request.
 *
 * @returns a belief for each of them, in their order; undefined if there are too few trials or no process can be computed
 * with
 */
export function beliefsAt(request: SuggestionRequest, points: readonly ParameterValues[]): Belief[] | undefined {
  const design = designSpace(request.space);
  const { completed, goal } = request;
  if (completed.length < OBSERVATIONS_MIN || design.dimensions.length === 0) return undefined;
  const data = trainingSet({ ...request, pending: [], infeasible: [] }, design);
  const posterior = conditionOn(data, fitKernel(thin(data, FIT_POINTS_MAX)));
  if (posterior === undefined) return undefined;
  const { mean, unit } = scaleOf(completed.map(({ objective }) => objective));
  const sign = goal === "maximize" ? 1 : -1;
  return points.map((values) => {
    const prediction = posterior.predict(design.encode(values));
    const centre = mean + sign * unit * prediction.mean;
    const margin = Z_95 * unit * Math.sqrt(Math.max(0, prediction.variance));
    return { mean: centre, low: centre - margin, high: centre + margin };
  });
}

/** Mean and standard deviation, as `standardise` takes them out. */
function scaleOf(objectives: readonly number[]): { readonly mean: number; readonly unit: number } {
  const targets = standardise(objectives);
  const n = objectives.length;
  const mean = objectives.reduce((sum, objective) => sum + objective / n, 0);
  const [low, high] = [targets.indexOf(Math.min(...targets)), targets.indexOf(Math.max(...targets))];
  const width = (targets[high] as number) - (targets[low] as number);
  return { mean, unit: width > 0 ? ((objectives[high] as number) - (objectives[low] as number)) / width : 0 };
}
