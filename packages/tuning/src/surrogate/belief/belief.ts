import { signOf } from "../../objective/goal.js";
import type { StudyHistory } from "../../objective/observation.js";
import { createRandom, deriveSeed } from "../../random/random.js";
import { designSpace } from "../../space/design-space.js";
import type { ParameterValues } from "../../space/parameter.js";
import { drawJointly, predictJointly } from "../gaussian-process/joint-prediction.js";
import { objectiveAtLoss, objectiveAtTarget, type Units } from "../observation/objective-units.js";
import { expectedLoss, type LossComponent, lossDeviation, lossQuantile } from "../warping/loss-mixture.js";
import { credibleSurrogates } from "./credible-surrogates.js";

/**
 * The posterior of the objective at a point, without the noise of a measurement; in the objective's
 * units.
 */
export interface Belief {
  /**
   * Posterior mean; the posterior median if the mean lies outside the interval, as that of a skewed
   * posterior may.
   */
  readonly mean: number;
  /** Ends of the central 95 % interval. */
  readonly low: number;
  readonly high: number;
}

/** Probability of each tail outside the interval. */
const TAIL = 0.025;
/** Fewest observations for a posterior. Fewer do not determine the scale of the objective. */
const OBSERVATIONS_MIN = 3;

/**
 * Returns the posterior of the objective at given values, from the completed trials of a history.
 *
 * @returns a belief for each of `points`; undefined if there are fewer than three completed
 * trials, no parameter varies, or rounding errors leave no positive definite covariance
 */
export function beliefsAt(history: StudyHistory, points: readonly ParameterValues[]): Belief[] | undefined {
  const design = designSpace(history.space);
  const { completed, goal } = history;
  if (completed.length < OBSERVATIONS_MIN || design.dimensions.length === 0) return undefined;
  const surrogates = credibleSurrogates(history, design);
  const [first] = surrogates ?? [];
  if (surrogates === undefined || first === undefined) return undefined;
  return points.map(design.encode).map((point) => {
    const components = surrogates.map(({ posterior, warped }) => ({ warp: warped, target: posterior.predict(point) }));
    return beliefOf(components, { scale: first.sample.scale, goal });
  });
}

/**
 * Draws from the joint posterior of the objective at given values, without the noise of a
 * measurement. Each draw is one function that fits the completed trials of a history.
 *
 * @param points - at most a few hundred; the cost is cubic in their number
 * @param count - number of draws, which the study's seed determines
 * @returns draws of shape (points,), in the objective's units; undefined under the conditions of
 * `beliefsAt`
 */
export function objectiveDraws(
  history: StudyHistory,
  points: readonly ParameterValues[],
  count: number,
): Float64Array[] | undefined {
  const design = designSpace(history.space);
  const { completed, goal, seed } = history;
  if (completed.length < OBSERVATIONS_MIN || design.dimensions.length === 0) return undefined;
  const surrogates = credibleSurrogates(history, design);
  const encoded = points.map(design.encode);
  const joint = surrogates?.flatMap((surrogate) => {
    const prediction = predictJointly(surrogate.posterior, encoded);
    return prediction === undefined ? [] : [{ surrogate, prediction }];
  });
  if (joint === undefined || joint.length === 0) return undefined;
  const random = createRandom(deriveSeed(seed, "objective-draws"));
  return Array.from({ length: count }, (_, i) => {
    const { surrogate, prediction } = joint[i % joint.length] as (typeof joint)[number];
    const { warped, sample } = surrogate;
    return drawJointly(prediction, random).map((target) =>
      objectiveAtTarget({ warped, scale: sample.scale, goal }, target),
    );
  });
}

/**
 * Mixes the predictions of one point by equally weighted surrogates. Warps are monotone, so
 * quantiles of targets are quantiles of losses.
 */
export function beliefOf(components: readonly LossComponent[], units: Omit<Units, "warped">): Belief {
  const [best, median, worst] = [TAIL, 0.5, 1 - TAIL].map((share) =>
    objectiveAtLoss(units, lossQuantile(components, share)),
  ) as [number, number, number];
  const [low, high] = signOf(units.goal) > 0 ? [worst, best] : [best, worst];
  const expected = objectiveAtLoss(units, expectedLoss(components));
  return { mean: expected >= low && expected <= high ? expected : median, low, high };
}

/** Returns the standard deviation of the objective in the posterior that `beliefOf` describes. */
export function deviationOf(components: readonly LossComponent[], { scale }: Pick<Units, "scale">): number {
  return lossDeviation(components, expectedLoss(components)) * scale.unit * scale.size;
}
