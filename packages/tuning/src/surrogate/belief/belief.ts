import type { SuggestionRequest } from "../../oracle/contract/suggestion.js";
import { createRandom, deriveSeed } from "../../random/random.js";
import { designSpace } from "../../space/design-space.js";
import type { ParameterValues } from "../../space/parameter.js";
import { drawJointly, predictJointly } from "../gaussian-process/joint-prediction.js";
import { objectiveAt, objectiveOf, type Units } from "../observation/objective-units.js";
import { expectedLoss, type LossComponent, lossQuantile } from "../warping/loss-mixture.js";
import { credibleProcesses } from "./credible-surrogates.js";

/** What is believed of the objective at a point, without the noise of a measurement; in the objective's units. */
export interface Belief {
  /** The expected objective; the median where the expectation lies outside the interval, as that of a wide belief may. */
  readonly mean: number;
  /** Ends of the interval that holds the objective with a probability of 95 %. */
  readonly low: number;
  readonly high: number;
}

/** Probability of either side of the interval. */
const TAIL = 0.025;
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
  const processes = credibleProcesses(request, design);
  const [first] = processes ?? [];
  if (processes === undefined || first === undefined) return undefined;
  return points.map(design.encode).map((point) => {
    const components = processes.map(({ posterior, warped }) => ({ warp: warped, target: posterior.predict(point) }));
    return beliefOf(components, { scale: first.sample.scale, goal });
  });
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
  const processes = credibleProcesses(request, design);
  const encoded = points.map(design.encode);
  const joint = processes?.flatMap((process) => {
    const prediction = predictJointly(process.posterior, encoded);
    return prediction === undefined ? [] : [{ process, prediction }];
  });
  if (joint === undefined || joint.length === 0) return undefined;
  const random = createRandom(deriveSeed(seed, "objective-draws"));
  return Array.from({ length: count }, (_, i) => {
    const { process, prediction } = joint[i % joint.length] as (typeof joint)[number];
    const { warped, sample } = process;
    return drawJointly(prediction, random).map((target) => objectiveAt({ warped, scale: sample.scale, goal }, target));
  });
}

/**
 * What predictions of the same point by equally credible processes say of the objective. Warps are monotone: quantiles of
 * targets are quantiles of losses.
 */
export function beliefOf(components: readonly LossComponent[], units: Omit<Units, "warped">): Belief {
  const [best, median, worst] = [TAIL, 0.5, 1 - TAIL].map((share) =>
    objectiveOf(units, lossQuantile(components, share)),
  ) as [number, number, number];
  const [low, high] = units.goal === "maximize" ? [worst, best] : [best, worst];
  const expected = objectiveOf(units, expectedLoss(components));
  return { mean: expected >= low && expected <= high ? expected : median, low, high };
}
