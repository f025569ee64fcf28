// What the oracle believes of the objective: the process fitted to the observations, with the points of pending trials.

import type { Random } from "../../random/random.js";
import type { DesignSpace } from "../../space/design-space.js";
import { pointAt } from "../../surrogate/gaussian-process/model.js";
import type { Posterior } from "../../surrogate/gaussian-process/posterior.js";
import type { Sample } from "../../surrogate/observation/observed-losses.js";
import { type ObjectiveProcess, processOf } from "../../surrogate/surrogate.js";
import type { SuggestionRequest } from "../contract/suggestion.js";
import type { Acquisition } from "./acquisition/acquisition.js";
import { expectedImprovement } from "./acquisition/fantasy-improvement.js";
import { timesProbability } from "./acquisition/times-probability.js";
import { completionOf } from "./feasibility/completion.js";

/** Observations whose expectation is compared: so many best ones. */
const CONTENDERS_MAX = 32;

/** Observations for each parameter of the kernel before its noise is believed. */
const NOISE_OBSERVATIONS_PER_PARAMETER = 5;

export interface Surrogate extends ObjectiveProcess {
  readonly acquisition: Acquisition;
  /** Logarithm of the probability that a trial ends with an objective, which `acquisition` contains; absent where all have. */
  readonly feasibility?: Acquisition;
  /** Observed and pending points that may be the best, by falling expectation. */
  readonly contenders: readonly Float64Array[];
}

/**
 * Fits the process and builds the acquisition function.
 *
 * @returns undefined if rounding leaves no process that can be computed with
 */
export function surrogateOf(request: SuggestionRequest, design: DesignSpace, random: Random): Surrogate | undefined {
  const process = processOf(request, design);
  if (process === undefined) return undefined;
  const { sample, posterior, parameters, warped } = process;
  const contenders = contendersOf(posterior, warped.targets);
  const noiseVariance = isNoiseKnown(sample) ? parameters.noiseVariance : 0;
  const outlook = { contenders, pending: request.pending.length, random, noiseVariance };
  const improvement = expectedImprovement(posterior, outlook);
  const { lengthScales } = parameters;
  const completion = completionOf(request, design, { observed: sample.points, lengthScales });
  if (completion === undefined) return { ...process, acquisition: improvement, contenders };
  return { ...process, acquisition: timesProbability(improvement, completion), feasibility: completion, contenders };
}

/** Whether noise is noise: without enough observations the process cannot tell it from detail, unless it is stated. */
export function isNoiseKnown({ points, noise }: Sample): boolean {
  return noise !== undefined || points.count >= NOISE_OBSERVATIONS_PER_PARAMETER * (points.kinds.length + 2);
}

/** Expectations and not observations are compared, for the best of noisy observations is partly luck. */
function contendersOf(posterior: Posterior, targets: Float64Array): Float64Array[] {
  const best = Array.from(targets, (target, i) => ({ i, target }))
    .sort((a, b) => b.target - a.target)
    .slice(0, CONTENDERS_MAX);
  const pending = Array.from({ length: posterior.points.count - targets.length }, (_, j) => targets.length + j);
  return [...best.map(({ i }) => i), ...pending]
    .map((i) => pointAt(posterior.points, i))
    .map((point) => ({ point, mean: posterior.predict(point).mean }))
    .sort((a, b) => b.mean - a.mean)
    .map(({ point }) => point);
}
