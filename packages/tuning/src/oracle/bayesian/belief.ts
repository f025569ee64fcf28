import type { ParameterValues } from "../../space/parameter.js";
import type { SuggestionRequest } from "../oracle.js";
import { designSpace } from "./dimension.js";
import type { Prediction } from "./gaussian-process/posterior.js";
import { processOf } from "./surrogate.js";
import { type LossScale, scoreAt } from "./training-set.js";
import { lossAt, meanLoss, type WarpScale } from "./warping/log-warp.js";

/** What is believed of the objective at a point, without the noise of a measurement; in the objective's units. */
export interface Belief {
  /** The expected objective; the median where the expectation lies outside the interval, as that of a wide belief may. */
  readonly mean: number;
  /** Ends of the interval that holds the objective with a probability of 95 %. */
  readonly low: number;
  readonly high: number;
}

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
  const process = processOf({ ...request, pending: [] }, design);
  if (process === undefined) return undefined;
  const { posterior, warped, scale } = process;
  return points.map((values) => beliefOf(posterior.predict(design.encode(values)), { warped, scale, goal }));
}

/** What targets of the process are turned into objectives by. */
export interface Units {
  readonly warped: WarpScale;
  readonly scale: LossScale;
  readonly goal: SuggestionRequest["goal"];
}

/** The objective that a target of the process stands for. */
export function objectiveAt({ warped, scale, goal }: Units, target: number): number {
  return (goal === "maximize" ? 1 : -1) * scoreAt(scale, lossAt(warped, target));
}

/**
 * What a prediction of the process says of the objective. The warp is monotone: quantiles of the target are quantiles of
 * the loss.
 */
export function beliefOf({ mean, variance }: Prediction, units: Units): Belief {
  const { warped, scale, goal } = units;
  const sign = goal === "maximize" ? 1 : -1;
  const margin = Z_95 * Math.sqrt(variance);
  const [worst, median, best] = [mean - margin, mean, mean + margin].map((target) => objectiveAt(units, target)) as [
    number,
    number,
    number,
  ];
  const [low, high] = sign > 0 ? [worst, best] : [best, worst];
  const expected = sign * scoreAt(scale, meanLoss(warped, mean, variance));
  return { mean: expected >= low && expected <= high ? expected : median, low, high };
}
