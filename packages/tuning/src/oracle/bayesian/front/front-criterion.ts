// The criterion by which the search chooses the next point of a study with several objectives or
// with limits on outcomes.

import { nonDominated } from "../../../front/dominance.js";
import { referencePoint } from "../../../front/reference-point.js";
import type { Aims } from "../../../objective/outcomes.js";
import type { Random } from "../../../random/random.js";
import { type MeasuredFront, measuredFront } from "../../../selection/measured-front.js";
import type { DesignSpace } from "../../../space/design-space.js";
import { noiseAt, pointSet, withPoints } from "../../../surrogate/gaussian-process/model.js";
import { conditionOn } from "../../../surrogate/gaussian-process/posterior.js";
import { fitOutcomes, type OutcomeModel, type OutcomeModels } from "../../../surrogate/outcome-models.js";
import type { SuggestionRequest } from "../../contract/suggestion.js";
import type { Acquisition } from "../acquisition/acquisition.js";
import { fantasies } from "../acquisition/fantasies.js";
import { timesProbability } from "../acquisition/times-probability.js";
import { chanceConstraint } from "../feasibility/chance-constraint.js";
import { completionOf } from "../feasibility/completion.js";
import { FantasyOutcome } from "./fantasy-outcome.js";
import { hypervolumeImprovement } from "./hypervolume-improvement.js";
import { VolumeGain } from "./volume-gain.js";

/** The acquisition function of a request with several objectives, and what it is made of. */
export interface FrontCriterion {
  readonly models: OutcomeModels;
  readonly acquisition: Acquisition;
  /** `acquisition` with the constraint that a trial is likely enough to complete. */
  readonly ranking: Acquisition;
  /** Log probability that a trial completes; absent if every trial completed. */
  readonly completion?: Acquisition;
  /** Points near which the search begins: those of the front, or those nearest to the limits. */
  readonly anchors: readonly Float64Array[];
  /** Reference point in targets of the objectives, shape (m,). */
  readonly reference: Float64Array;
  /** Indices of the completed trials on the front that keep all limits. */
  readonly front: readonly number[];
}

/**
 * Number of antithetic pairs of fantasies. Each fantasy has a front of its own, so that one costs
 * far more than with one objective.
 */
const SAMPLE_PAIRS = 16;
/** Upper limit of the front's points in the acquisition function. */
const FRONT_MAX = 128;
/** Upper limit of the front's points whose values are drawn under noise; the cost is cubic. */
const DRAWN_MAX = 16;
/** Noise variance of a drawn value, relative to the targets': it is a value of the function. */
const DRAWN_NOISE = 1e-6;
/** Number of points near which the search begins. */
const ANCHORS_MAX = 16;
/** Trials per dimension, and one dimension more, until the whole front of a study counts. */
const MATURE_TRIALS = 10;

/**
 * Fits the surrogates of a request with `aims` and builds the acquisition function.
 *
 * @returns undefined if rounding errors leave no positive definite covariance
 */
export function fitFrontCriterion(
  request: SuggestionRequest,
  aims: Aims,
  { design, random }: { readonly design: DesignSpace; readonly random: Random },
): FrontCriterion | undefined {
  const models = fitOutcomes(request, aims, design);
  if (models === undefined) return undefined;
  const points = request.completed.map(({ values }) => design.encode(values));
  const measured = measuredFront(models, points.length);
  const reference = referenceOf(models, measured, design.dimensions.length);
  const pending = request.pending.map(design.encode);
  const acquisition = acquisitionOf(models, { points, pending, front: measured.front, reference, random });
  if (acquisition === undefined) return undefined;
  const nearest = measured.front.length > 0 ? measured.front : measured.byViolation;
  const anchors = evenly(nearest, ANCHORS_MAX).map((i) => points[i] as Float64Array);
  const base = { models, acquisition, anchors, reference, front: measured.front };
  const completion = completionOf(request, design, pointSet(design.dimensions, points));
  if (completion === undefined) return { ...base, ranking: acquisition };
  const constraint = chanceConstraint(request, { probability: completion, design, completed: anchors, random });
  return {
    ...base,
    acquisition: timesProbability(acquisition, completion),
    ranking: timesProbability(acquisition, constraint),
    completion,
  };
}

/**
 * Returns the reference point of the trials that keep all limits, in targets; that of all trials if
 * none does. Targets are nearly linear in the objectives, so the rule of `referencePoint` holds in
 * the objectives' own units too.
 *
 * @param d - number of dimensions
 */
function referenceOf({ objectives }: OutcomeModels, { kept, byViolation }: MeasuredFront, d: number): Float64Array {
  const lossesOf = (trials: readonly number[]) =>
    trials.map((i) => objectives.map(({ targets }) => -(targets[i] as number)));
  const maturity = MATURE_TRIALS * (d + 1);
  if (kept.length === 0) return referencePoint(lossesOf(byViolation), { maturity }).map((loss) => -loss);
  const isKept = new Set(kept);
  const others = lossesOf(byViolation.filter((i) => !isKept.has(i)));
  return referencePoint(lossesOf(kept), { others, maturity }).map((loss) => -loss);
}

interface Conditions {
  readonly points: readonly Float64Array[];
  readonly pending: readonly Float64Array[];
  /** Indices of the trials of the front. */
  readonly front: readonly number[];
  readonly reference: Float64Array;
  readonly random: Random;
}

function acquisitionOf(models: OutcomeModels, conditions: Conditions): Acquisition | undefined {
  const { objectives, limits } = models;
  const all = [...objectives, ...limits];
  const isNoisy = all.some(({ noiseVariance }) => noiseVariance > 0);
  const front = evenly(conditions.front, isNoisy ? DRAWN_MAX : FRONT_MAX);
  const drawn = front.map((i) => conditions.points[i] as Float64Array);
  const samples = jointFantasies(all, { ...conditions, drawn });
  const outcomes = all.map((model, k) => fantasyOutcome(model, { ...conditions, drawn, samples: samples[k] ?? [] }));
  if (!outcomes.every((outcome) => outcome !== undefined)) return undefined;
  const members = [
    ...front.map((i, j) =>
      all.map((model, k) => memberMeans(model, outcomes[k] as FantasyOutcome, { i, point: drawn[j] as Float64Array })),
    ),
    ...conditions.pending.map((point) => outcomes.map((outcome) => meansAt(outcome, point))),
  ];
  const count = samples[0]?.length ?? 1;
  const gains = Array.from({ length: count }, (_, s) => {
    const values = members.map((means) => Float64Array.from(means, (each) => each[s] as number));
    const kept = values.filter((each) =>
      limits.every(({ bound }, j) => (each[objectives.length + j] as number) >= bound),
    );
    const targets = kept.map((each) => each.slice(0, objectives.length));
    return new VolumeGain(undominated(targets), conditions.reference);
  });
  return hypervolumeImprovement({
    objectives: outcomes.slice(0, objectives.length),
    limits: limits.map(({ bound }, j) => ({ outcome: outcomes[objectives.length + j] as FantasyOutcome, bound })),
    gains,
  });
}

function undominated(targets: readonly Float64Array[]): Float64Array[] {
  return nonDominated(targets.map((each) => each.map((target) => -target))).map((i) => targets[i] as Float64Array);
}

interface FantasyConditions extends Conditions {
  /** Points of the front whose values are drawn where an outcome is noisy. */
  readonly drawn: readonly Float64Array[];
}

/** Draws fantasies of each outcome: of shape (drawn + pending,) under noise, else (pending,). */
function jointFantasies(
  models: readonly OutcomeModel[],
  { drawn, pending, random }: FantasyConditions,
): Float64Array[][] {
  const counts = models.map(({ noiseVariance }) => (noiseVariance > 0 ? drawn.length : 0) + pending.length);
  const total = counts.reduce((sum, count) => sum + count, 0);
  const joint = fantasies(total, random, SAMPLE_PAIRS);
  let start = 0;
  return counts.map((count) => {
    const own = joint.map((sample) => sample.subarray(start, start + count));
    start += count;
    return own;
  });
}

function fantasyOutcome(
  { surrogate, noiseVariance }: OutcomeModel,
  { drawn, pending, samples }: FantasyConditions & { readonly samples: readonly Float64Array[] },
): FantasyOutcome | undefined {
  const { sample, parameters, warped, posterior } = surrogate;
  const isNoisy = noiseVariance > 0;
  const further = [...(isNoisy ? drawn : []), ...pending];
  if (further.length === 0) return new FantasyOutcome(posterior, samples);
  const observed = Array.from({ length: sample.points.count }, (_, i) => noiseAt(parameters, i));
  const statedNoise = Float64Array.from([...observed, ...(isNoisy ? drawn.map(() => DRAWN_NOISE) : [])]);
  const conditioned = conditionOn(withPoints(sample.points, further), warped.targets, { ...parameters, statedNoise });
  return conditioned && new FantasyOutcome(conditioned, samples);
}

/** Returns the values of a trial of the front under each fantasy. */
function memberMeans(
  { targets, noiseVariance }: OutcomeModel,
  outcome: FantasyOutcome,
  { i, point }: { readonly i: number; readonly point: Float64Array },
): Float64Array {
  return noiseVariance > 0 ? meansAt(outcome, point) : outcome.means.map(() => targets[i] as number);
}

function meansAt(outcome: FantasyOutcome, point: Float64Array): Float64Array {
  outcome.place(outcome.posterior.whiten(point));
  return outcome.means.slice();
}

/** Returns at most `count` items, evenly chosen, the first and the last among them. */
function evenly<T>(items: readonly T[], count: number): T[] {
  if (items.length <= count) return [...items];
  return Array.from({ length: count }, (_, i) => items[Math.round((i * (items.length - 1)) / (count - 1))] as T);
}
