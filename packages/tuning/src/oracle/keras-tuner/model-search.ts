// The decision of KerasTuner's oracle: its random phase, then the search of its model.

import { scoreOf } from "../../objective/goal.js";
import { createRandom, deriveSeed, type Random } from "../../random/random.js";
import { activeValues } from "../../space/conditions.js";
import { isInRegion } from "../../space/constraint/region.js";
import type { Parameter, ParameterValue, ParameterValues, SearchSpace } from "../../space/parameter.js";
import { spaceSize } from "../../space/sampling/enumeration.js";
import { sampleRegion } from "../../space/sampling/sampling.js";
import { seenValues } from "../contract/seen-values.js";
import {
  type SuggestionRequest,
  type SuggestionResult,
  type SuggestionSource,
  suggestionIndexOf,
} from "../contract/suggestion.js";
import { lowestBounds } from "./acquisition.js";
import { type FitSettings, fitRegressor, type Regressor, UNFITTED } from "./gaussian-process.js";
import { defaultValue, probabilityOf, valueAtProbability } from "./probability.js";
import { nextDraw, randomTrials } from "./random-phase.js";

const LENGTH_MIN_ORIGINAL = 1e-5;
const LENGTH_MIN_CORRECTED = 0.05;

/** A suggestion and the model that found it. */
export interface Decision {
  readonly suggestion: SuggestionResult;
  /** Number of completed trials from which the model decides. */
  readonly initialTrials: number;
  /** Index of the draw; absent unless the values are a draw of the random phase. */
  readonly draw?: number;
  /** Absent in the random phase. */
  readonly model?: ModelSearch;
}

/** A fitted model and its candidates. */
export interface ModelSearch {
  readonly regressor: Regressor;
  /** Names of the parameters that are dimensions of the regressor's points. */
  readonly names: readonly string[];
  /** Candidates, lowest confidence bound first. */
  readonly points: readonly Float64Array[];
}

/** Decides the next suggestion: at random while trials are few, by the model afterwards. */
export function decide(request: SuggestionRequest, isFaithful: boolean): Decision {
  const initialTrials = Math.max(3 * Object.keys(request.space).length, 3);
  const names = Object.keys(request.space).filter((name) => request.space[name]?.type !== "fixed");
  if (request.completed.length < initialTrials || names.length === 0) {
    return { ...decideAtRandom(request, isFaithful), initialTrials };
  }
  const model = searchModel(request, names, isFaithful);
  const values = isFaithful ? modelValues(request, model) : freshModelValues(request, model);
  return { suggestion: suggestionOf(values, "model"), initialTrials, model };
}

function suggestionOf(values: ParameterValues | undefined, source: SuggestionSource): SuggestionResult {
  return values === undefined ? "exhausted" : { values, source };
}

/** Draws at random. The corrected oracle visits the points that are left after repeated draws. */
function decideAtRandom(request: SuggestionRequest, isFaithful: boolean): Pick<Decision, "suggestion" | "draw"> {
  const { values, index } = nextDraw(request);
  if (values !== undefined) return { suggestion: suggestionOf(values, "random"), draw: index };
  const left = isFaithful ? undefined : seenValues(request).findUnused(fallbackRandom(request));
  return { suggestion: suggestionOf(left, "random") };
}

function searchModel(request: SuggestionRequest, names: readonly string[], isFaithful: boolean): ModelSearch {
  const { seed } = request;
  const earlierSearches = suggestionIndexOf(request) - randomTrials(request);
  const evidence = evidenceOf(request, names);
  const regressor = isFaithful
    ? faithfulRegressor(evidence, { seed, lengthMin: LENGTH_MIN_ORIGINAL }, earlierSearches)
    : correctedRegressor(evidence, { seed, lengthMin: LENGTH_MIN_CORRECTED });
  return { regressor, names, points: lowestBounds(regressor, { d: names.length, seed, earlierSearches }) };
}

function modelValues(request: SuggestionRequest, { names, points }: ModelSearch): ParameterValues | undefined {
  const candidates = points.map((point) => valuesAt(request.space, names, point));
  const found = candidates.find((values) => isInRegion(request, values));
  return found ?? sampleRegion(request, fallbackRandom(request));
}

/** Returns the best candidate. In a discrete space, trials repeat only once all points are used. */
function freshModelValues(request: SuggestionRequest, model: ModelSearch): ParameterValues | undefined {
  const { space } = request;
  if (spaceSize(space) === Number.POSITIVE_INFINITY) return modelValues(request, model);
  const seen = seenValues(request);
  const candidates = model.points.map((point) => valuesAt(space, model.names, point));
  return candidates.find((values) => !seen.has(values)) ?? seen.findUnseen(fallbackRandom(request));
}

function fallbackRandom({ seed, trialNumber }: SuggestionRequest): Random {
  return createRandom(deriveSeed(seed, "keras-tuner", trialNumber));
}

/** The data of the model. Points are probabilities of the parameters that are not fixed. */
interface Evidence {
  readonly completed: readonly Float64Array[];
  /** Objectives of the completed trials, negated under "maximize". */
  readonly losses: readonly number[];
  readonly pending: readonly Float64Array[];
}

function evidenceOf({ space, goal, completed, pending }: SuggestionRequest, names: readonly string[]): Evidence {
  return {
    completed: completed.map(({ values }) => pointOf(space, names, values)),
    losses: completed.map(({ objective }) => -scoreOf(objective, goal)),
    pending: pending.map((values) => pointOf(space, names, values)),
  };
}

/**
 * Returns the probabilities of values in the order of `names`. A missing value counts as its
 * default.
 */
export function pointOf(space: SearchSpace, names: readonly string[], values: ParameterValues): Float64Array {
  return Float64Array.from(names, (name) => {
    const parameter = space[name] as Parameter;
    return probabilityOf(parameter, Object.hasOwn(values, name) ? givenValue(values, name) : defaultValue(parameter));
  });
}

/** Fits the model to the completed trials first, then with pending trials as predicted by it. */
function correctedRegressor(evidence: Evidence, settings: FitSettings): Regressor {
  const known = fitted({ ...evidence, pending: [] }, settings, UNFITTED);
  return evidence.pending.length === 0 ? known : fitted(evidence, settings, known);
}

/**
 * Fits the model with KerasTuner's defect: the targets of pending trials are predictions of the
 * model of the previous call. That model had all pending trials except the last one. Trials that
 * ended since count as completed then, because a request does not contain their times.
 */
function faithfulRegressor(evidence: Evidence, settings: FitSettings, earlierSearches: number): Regressor {
  const { pending } = evidence;
  if (pending.length === 0 || earlierSearches === 0) return fitted(evidence, settings, UNFITTED);
  const before = { ...evidence, pending: pending.slice(0, -1) };
  return fitted(evidence, settings, faithfulRegressor(before, settings, earlierSearches - 1));
}

/** Fits a model to completed trials, and to pending ones with target mean + sd of another model. */
function fitted({ completed, losses, pending }: Evidence, settings: FitSettings, predictor: Regressor): Regressor {
  const predicted = pending.map((point) => {
    const { mean, sd } = predictor.predict(point);
    return mean + sd;
  });
  return fitRegressor(
    { points: [...completed, ...pending], targets: Float64Array.from([...losses, ...predicted]) },
    settings,
  );
}

/** Returns the parameter values of a point of probabilities. */
export function valuesAt(space: SearchSpace, names: readonly string[], point: Float64Array): ParameterValues {
  const places = new Map(names.map((name, i) => [name, i]));
  const all = Object.entries(space).map(([name, parameter]) => {
    const probability = point[places.get(name) ?? -1] ?? 0.5;
    return [name, valueAtProbability(parameter, probability)] as const;
  });
  return activeValues(space, Object.fromEntries(all));
}

function givenValue(values: ParameterValues, name: string): ParameterValue {
  return values[name] as ParameterValue;
}
