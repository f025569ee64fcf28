// The surrogates of a study's outcomes: one for each objective, one for each limit. They have no
// warp: it would stretch the neighbourhood of each objective's own best value, which is one end of
// the front and not its middle.

import { upperMedian } from "../numeric/vector.js";
import { type Goal, scoreOf } from "../objective/goal.js";
import type { StudyHistory } from "../objective/observation.js";
import { outcomeHistory } from "../objective/outcome-history.js";
import { type Aims, type OutcomeLimit, outcomeOf } from "../objective/outcomes.js";
import type { DesignSpace } from "../space/design-space.js";
import { fitSurrogate, isNoiseKnown, type Surrogate } from "./surrogate.js";

/** The surrogate of one outcome, whose larger target is better. */
export interface OutcomeModel {
  readonly surrogate: Surrogate;
  readonly goal: Goal;
  /** Noise variance of one trial's target; 0 if it is too small to count, or not known. */
  readonly noiseVariance: number;
  /** Targets of the completed trials in the order of the history: told ones, or posterior means. */
  readonly targets: Float64Array;
}

/** The surrogate of a limit's outcome. The limit holds where the target is at least `bound`. */
export interface LimitModel extends OutcomeModel {
  readonly limit: OutcomeLimit;
  readonly bound: number;
}

/** The surrogates of a study's outcomes, in the order of its aims. */
export interface OutcomeModels {
  readonly objectives: readonly OutcomeModel[];
  readonly limits: readonly LimitModel[];
}

/** Noise variance that is not counted, relative to the variance of the targets. */
const NOISE_VARIANCE_MIN = 1e-3;

/**
 * Fits a surrogate to each objective and to each limited outcome.
 *
 * @param history - with at least one completed trial, and with outcomes for all of `aims`
 * @returns undefined if rounding errors leave no positive definite covariance
 */
export function fitOutcomes(history: StudyHistory, aims: Aims, design: DesignSpace): OutcomeModels | undefined {
  const points = history.completed.map(({ values }) => design.encode(values));
  const objectives = aims.objectives.map(({ name, goal }) => {
    const told = history.completed.map((trial) => outcomeOf(trial, name));
    return modelOf(fitSurrogate(outcomeHistory(history, name, goal), design, { warping: "none" }), {
      goal,
      told,
      points,
    });
  });
  const limits = aims.limits.map((limit) => limitModel(history, limit, { design, points }));
  const isFitted = <T>(models: readonly (T | undefined)[]): models is T[] => models.every((m) => m !== undefined);
  return isFitted(objectives) && isFitted(limits) ? { objectives, limits } : undefined;
}

/** The told values of an outcome and their points. */
interface Told {
  readonly goal: Goal;
  readonly told: readonly number[];
  readonly points: readonly Float64Array[];
}

function modelOf(surrogate: Surrogate | undefined, { goal, told, points }: Told): OutcomeModel | undefined {
  if (surrogate === undefined) return undefined;
  const { sample, parameters, posterior } = surrogate;
  const isNoisy = isNoiseKnown(sample) && parameters.noiseVariance > NOISE_VARIANCE_MIN;
  const targets = isNoisy
    ? points.map((point) => posterior.predict(point).mean)
    : told.map((value) => targetOf(surrogate, scoreOf(value, goal)));
  return {
    surrogate,
    goal,
    noiseVariance: isNoisy ? parameters.noiseVariance : 0,
    targets: Float64Array.from(targets),
  };
}

/** Returns the target of a score, on the scale of the warp. */
export function targetOf({ sample: { scale }, warped }: Surrogate, score: number): number {
  const loss = scale.unit > 0 ? (scale.best - score / scale.size) / scale.unit : 0;
  return warped.sd > 0 ? (-Math.log1p(Math.max(loss / warped.bend, SHARE_MIN)) - warped.mean) / warped.sd : 0;
}

/** Smallest loss in units of the bend; the warp ends at -1. */
const SHARE_MIN = -0.999;

/**
 * Fits the surrogate of a limited outcome to the distances y from the bound in units of their
 * median u, through the map sign(y) ln(1 + |y| / u): the surrogate is exact near the bound, and
 * outcomes far away do not bend it.
 *
 * @see Eriksson, Poloczek, Scalable Constrained Bayesian Optimization, 2021, section 3.1 (bilog)
 */
function limitModel(
  history: StudyHistory,
  limit: OutcomeLimit,
  { design, points }: { readonly design: DesignSpace; readonly points: readonly Float64Array[] },
): LimitModel | undefined {
  const goal: Goal = limit.comparison === "<=" ? "minimize" : "maximize";
  const own = outcomeHistory(history, limit.name, goal);
  const distances = own.completed.map(({ objective }) => Math.abs(objective / 2 - limit.bound / 2));
  const unit = upperMedian(distances.filter((distance) => distance > 0)) ?? 1;
  const bent = (value: number) => {
    const share = (value / 2 - limit.bound / 2) / unit;
    return Math.sign(share) * Math.log1p(Math.abs(share));
  };
  const completed = own.completed.map((trial) => {
    const slope = 0.5 / unit / (1 + Math.abs(trial.objective / 2 - limit.bound / 2) / unit);
    const { noiseVariance } = trial;
    const known = noiseVariance === undefined ? {} : { noiseVariance: noiseVariance * slope * slope };
    return { values: trial.values, objective: bent(trial.objective), ...known };
  });
  const surrogate = fitSurrogate({ ...own, completed }, design, { warping: "none" });
  const told = completed.map(({ objective }) => objective);
  const model = modelOf(surrogate, { goal, told, points });
  return model && { ...model, limit, bound: boundOf(model, told) };
}

/** Returns the target of the bound. Equal outcomes have target 0 and give no scale. */
function boundOf({ surrogate, goal }: OutcomeModel, [told = 0]: readonly number[]): number {
  if (surrogate.sample.scale.unit > 0) return targetOf(surrogate, 0);
  return scoreOf(told, goal) >= 0 ? -1 : 1;
}
