// What the oracle believes of the objective: the process fitted to the observations, with the points of pending trials.

import type { Random } from "../../random/random.js";
import type { SuggestionRequest } from "../oracle.js";
import type { Acquisition } from "./acquisition/acquisition.js";
import { expectedImprovement } from "./acquisition/fantasy-improvement.js";
import { timesProbability } from "./acquisition/times-probability.js";
import type { DesignSpace } from "./dimension.js";
import { feasibilityOf } from "./feasibility/feasibility.js";
import { type FittedParameters, fitParameters } from "./gaussian-process/fit.js";
import { type PointSet, pointAt, pointSet } from "./gaussian-process/model.js";
import { conditionOn, type Posterior } from "./gaussian-process/posterior.js";
import { type LossScale, sampleOf, thin } from "./training-set.js";
import { type Warped, warp } from "./warping/log-warp.js";

/** The parameters are fitted to as many observations: more tell little about them and cost their cube. */
const FIT_POINTS_MAX = 150;
/** Infeasible points that are kept in mind: the latest. */
const INFEASIBLE_MAX = 100;
/** Observations whose expectation is compared: so many best ones. */
const CONTENDERS_MAX = 32;

/** The process of the observations, and how its targets come of them. */
export interface ObjectiveProcess {
  readonly posterior: Posterior;
  readonly parameters: FittedParameters;
  readonly warped: Warped;
  readonly scale: LossScale;
}

export interface Surrogate extends ObjectiveProcess {
  readonly acquisition: Acquisition;
  /** Logarithm of the probability that a trial is feasible, which `acquisition` contains; absent where none was infeasible. */
  readonly feasibility?: Acquisition;
  /** Observed and pending points that may be the best, by falling expectation. */
  readonly contenders: readonly Float64Array[];
}

/**
 * Fits the process of a request's observations. The points of pending trials follow those observed.
 *
 * @returns undefined if rounding leaves no process that can be computed with
 */
export function processOf(request: SuggestionRequest, design: DesignSpace): ObjectiveProcess | undefined {
  const sample = sampleOf(request, design);
  const parameters = fitParameters(thin(sample, FIT_POINTS_MAX));
  const warped = warp(sample.losses, parameters.bend);
  const points = withPoints(sample.points, request.pending.map(design.encode));
  const posterior = conditionOn(points, warped.targets, parameters);
  return posterior === undefined ? undefined : { posterior, parameters, warped, scale: sample.scale };
}

/**
 * Fits the process and builds the acquisition function.
 *
 * @returns undefined if rounding leaves no process that can be computed with
 */
export function surrogateOf(request: SuggestionRequest, design: DesignSpace, random: Random): Surrogate | undefined {
  const process = processOf(request, design);
  if (process === undefined) return undefined;
  const { posterior, parameters, warped } = process;
  const contenders = contendersOf(posterior, warped.targets);
  const improvement = expectedImprovement(posterior, { contenders, pending: request.pending.length, random });
  const infeasible = request.infeasible.slice(-INFEASIBLE_MAX).map(design.encode);
  const observed = firstPoints(posterior.points, warped.targets.length);
  const feasibility = feasibilityAmong({ observed, infeasible, parameters });
  if (feasibility === undefined) return { ...process, acquisition: improvement, contenders };
  return { ...process, acquisition: timesProbability(improvement, feasibility), feasibility, contenders };
}

interface Outcomes {
  readonly observed: PointSet;
  readonly infeasible: readonly Float64Array[];
  readonly parameters: FittedParameters;
}

function feasibilityAmong({ observed, infeasible, parameters }: Outcomes): Acquisition | undefined {
  if (infeasible.length === 0) return undefined;
  return feasibilityOf(withPoints(observed, infeasible), observed.count, parameters.lengthScales);
}

function firstPoints({ kinds, coordinates }: PointSet, count: number): PointSet {
  return { kinds, count, coordinates: coordinates.subarray(0, count * kinds.length) };
}

function withPoints(first: PointSet, others: readonly Float64Array[]): PointSet {
  const points = Array.from({ length: first.count }, (_, i) => pointAt(first, i));
  return pointSet(first.kinds, [...points, ...others]);
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
