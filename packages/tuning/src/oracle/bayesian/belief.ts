import { createRandom, deriveSeed } from "../../random/random.js";
import type { ParameterValues } from "../../space/parameter.js";
import type { SuggestionRequest } from "../oracle.js";
import { designSpace } from "./dimension.js";
import { drawJointly, predictJointly } from "./gaussian-process/joint-prediction.js";
import type { Prediction } from "./gaussian-process/posterior.js";
import { processOf } from "./objective-process.js";
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
  const {
    posterior,
    warped,
    sample: { scale },
  } = process;
  return points.map((values) => beliefOf(posterior.predict(design.encode(values)), { warped, scale, goal }));
}

/**
 * Draws what the objective may be at given values, without the noise of a measurement: at all of them together, so that
 * each draw is one function that fits the completed trials of a request.
 *
 * @param points - at most a few hundred: the time grows with the cube of their number
 * @param count - of draws; the request's seed decides them
 * @returns so many draws of shape (points,), in the objective's units; undefined if there are too few trials or no process
 * can be computed with
 */
export function objectiveDraws(
  request: SuggestionRequest,
  points: readonly ParameterValues[],
  count: number,
): Float64Array[] | undefined {
  const design = designSpace(request.space);
  const { completed, goal, seed } = request;
  if (completed.length < OBSERVATIONS_MIN || design.dimensions.length === 0) return undefined;
  const process = processOf({ ...request, pending: [] }, design);
  const joint = process && predictJointly(process.posterior, points.map(design.encode));
  if (process === undefined || joint === undefined) return undefined;
  const {
    warped,
    sample: { scale },
  } = process;
  const random = createRandom(deriveSeed(seed, "objective-draws"));
  return Array.from({ length: count }, () =>
    drawJointly(joint, random).map((target) => objectiveAt({ warped, scale, goal }, target)),
  );
}

interface Units {
  readonly warped: WarpScale;
  readonly scale: LossScale;
  readonly goal: SuggestionRequest["goal"];
}

/** The warp is monotone: quantiles of the target are quantiles of the loss. */
function beliefOf({ mean, variance }: Prediction, units: Units): Belief {
  const { warped, goal } = units;
  const margin = Z_95 * Math.sqrt(variance);
  const [worst, median, best] = [mean - margin, mean, mean + margin].map((target) => objectiveAt(units, target)) as [
    number,
    number,
    number,
  ];
  const [low, high] = goal === "maximize" ? [worst, best] : [best, worst];
  const expected = objectiveOf(units, meanLoss(warped, mean, variance));
  return { mean: expected >= low && expected <= high ? expected : median, low, high };
}

function objectiveAt(units: Units, target: number): number {
  return objectiveOf(units, lossAt(units.warped, target));
}

function objectiveOf({ scale, goal }: Units, loss: number): number {
  const score = scoreAt(scale, loss);
  return goal === "maximize" ? score : -score;
}
