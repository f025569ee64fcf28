import type { Aims } from "../../objective/outcomes.js";
import { createRandom, deriveSeed, type Random } from "../../random/random.js";
import { isInRegion } from "../../space/constraint/region.js";
import { type DesignSpace, designSpace } from "../../space/design-space.js";
import type { ParameterValues } from "../../space/parameter.js";
import { sampleRegion } from "../../space/sampling/sampling.js";
import { withDivergedOutcomes, withDivergedTrials } from "../../surrogate/observation/diverged-trials.js";
import { withPrunedTrials } from "../../surrogate/observation/pruned-trials.js";
import { isNoiseKnown, type Surrogate } from "../../surrogate/surrogate.js";
import { defaultValues } from "../contract/default-values.js";
import { type SeenValues, seenValues } from "../contract/seen-values.js";
import { type SuggestionRequest, type SuggestionResult, suggestionIndexOf } from "../contract/suggestion.js";
import type { Acquisition } from "./acquisition/acquisition.js";
import { barrierOf } from "./acquisition/barrier.js";
import { maximise, type RankedPoint } from "./acquisition/maximise.js";
import { type FrontCriterion, fitFrontCriterion } from "./front/front-criterion.js";
import { fitCriterion, type InfillCriterion } from "./infill-criterion.js";
import { initialPoint } from "./initial-design.js";

/** Fewest trials of the initial design. */
const INITIAL_TRIALS_MIN = 3;
/** Fewest observations for a surrogate. */
const OBSERVATIONS_MIN = 2;
/**
 * Trials with a result, in initial designs, that do for completed ones. Early results alone may
 * mislead: on distorted Hartmann functions, a model of one initial design finds worse optima than
 * further points of the design; three are a compromise.
 */
const PARTIAL_DESIGNS_MIN = 3;
/** Number of leading points around which the maximisation of the acquisition function starts. */
const ANCHORS_MAX = 3;
/**
 * Smallest noise variance, relative to the variance of the targets, at which a point may be
 * measured again.
 */
const REPLICATION_NOISE_SHARE_MIN = 0.1;
/** Most points of the initial design that are passed over because they repeat a trial. */
const INITIAL_POINTS_MAX = 64;

/**
 * Share of the way from a completed trial to a point of the initial design, where one more failed
 * trial would end the study.
 */
const CAUTIOUS_SHARE = 0.1;

/** A suggestion and the search that found it. */
export interface Decision {
  readonly suggestion: SuggestionResult;
  readonly design: DesignSpace;
  /** Absent where the initial design decided, or `frontSearch` did. */
  readonly search?: ModelSearch;
  /** Present where the model of several objectives or limits decided. */
  readonly frontSearch?: ModelSearch<FrontCriterion>;
}

/** The search for the next point by a criterion. */
export interface ModelSearch<Criterion = InfillCriterion> {
  readonly criterion: Criterion;
  /** Candidates by falling value of the criterion's ranking, best first. */
  readonly ranked: readonly RankedPoint[];
  readonly values: ParameterValues;
}

/**
 * Decides the next suggestion: by the initial design while trials are few, by the model afterwards.
 */
export function decide(request: SuggestionRequest): Decision {
  const design = designSpace(request.space);
  const seen = seenValues(request);
  const initial = () => ({ suggestion: initialSuggestion(request, design, seen), design });
  if (isInitial(request, design)) return initial();
  if (request.aims !== undefined) {
    const frontSearch = searchFront(request, request.aims, { design, seen });
    if (frontSearch === undefined) return initial();
    return { suggestion: { values: frontSearch.values, source: "model" }, design, frontSearch };
  }
  const search = searchModel(request, design, seen);
  if (search === undefined) return initial();
  return { suggestion: { values: search.values, source: "model" }, design, search };
}

/** Returns the number of trials of the initial design. */
export function initialTrials({ dimensions }: DesignSpace): number {
  return Math.max(INITIAL_TRIALS_MIN, dimensions.length + 1);
}

/** Returns the number of trials so far; failed ones do not count. */
export function madeTrials({ completed, pending, infeasible, pruned = [] }: SuggestionRequest): number {
  return completed.length + pending.length + infeasible.length + pruned.length;
}

function isInitial(request: SuggestionRequest, design: DesignSpace): boolean {
  if (design.dimensions.length === 0) return true;
  const isEarly = madeTrials(request) < initialTrials(design) || request.completed.length < OBSERVATIONS_MIN;
  return isEarly && !hasPartialDesigns(request, design);
}

/** Returns true if results below the full budget do for an initial design. */
function hasPartialDesigns({ partial = [] }: SuggestionRequest, design: DesignSpace): boolean {
  const observed = new Set(partial.map(({ values }) => design.encode(values).join())).size;
  return observed >= PARTIAL_DESIGNS_MIN * initialTrials(design);
}

/** Passes over points of the design that violate a constraint or repeat a trial. */
function initialSuggestion(request: SuggestionRequest, design: DesignSpace, seen: SeenValues): SuggestionResult {
  const { seed, trialNumber } = request;
  const random = createRandom(deriveSeed(seed, "unseen", trialNumber));
  const values = designValues(request, design, seen) ?? seen.findUnseen(random) ?? sampleRegion(request, random);
  return values === undefined ? "exhausted" : { values, source: "initial-design" };
}

function designValues(request: SuggestionRequest, design: DesignSpace, seen: SeenValues): ParameterValues | undefined {
  for (let skipped = 0; skipped < INITIAL_POINTS_MAX; skipped++) {
    const values = designCandidates(request, design, skipped).find((candidate) => !seen.has(candidate));
    if (values !== undefined) return values;
  }
  return undefined;
}

/** Returns the values of a point of the design; with caution, values near a completed trial. */
function designCandidates(request: SuggestionRequest, design: DesignSpace, skipped: number): ParameterValues[] {
  const { seed, space, completed, isCautious } = request;
  const index = suggestionIndexOf(request) + skipped;
  const safe = isCautious && design.dimensions.length > 0 ? completed.at(-1) : undefined;
  if (safe === undefined && index === 0) return [defaultValues(space)];
  const point = initialPoint(index, design, seed);
  if (safe === undefined) return [design.decode(point)];
  const from = design.encode(safe.values);
  const changed = skipped % from.length;
  return [pointBetween(design, from, point), from.with(changed, point[changed] as number)].map(design.decode);
}

/** Returns a point near a completed trial in the direction of another one. */
function pointBetween({ dimensions }: DesignSpace, safe: Float64Array, other: Float64Array): Float64Array {
  return safe.map((x, i) => (dimensions[i]?.isNominal ? x : x + CAUTIOUS_SHARE * ((other[i] as number) - x)));
}

/** @returns undefined if rounding errors leave no positive definite covariance */
function searchModel(request: SuggestionRequest, design: DesignSpace, seen: SeenValues): ModelSearch | undefined {
  const random = modelRandom(request);
  const criterion = fitCriterion(ordinaryHistory(request), design, random);
  if (criterion === undefined) return undefined;
  const anchors = criterion.leadingPoints.slice(0, ANCHORS_MAX);
  const mayRepeat = isReplicateWorthIt(criterion.surrogate);
  return searchBy({ ...criterion, criterion, anchors, mayRepeat }, request, { design, seen, random });
}

/** Partial results say more about a pruned trial than its last one. */
function ordinaryHistory(request: SuggestionRequest): SuggestionRequest {
  const { partial, completed } = request;
  if (partial === undefined) return withDivergedTrials(withPrunedTrials(request));
  const ordinary = withDivergedTrials(request);
  if (ordinary === request) return request;
  const kept = new Set(ordinary.completed);
  const diverged = new Set(completed.filter((trial) => !kept.has(trial)).map(({ values }) => JSON.stringify(values)));
  return { ...ordinary, partial: partial.filter(({ values }) => !diverged.has(JSON.stringify(values))) };
}

/** @returns undefined if rounding errors leave no positive definite covariance */
function searchFront(
  request: SuggestionRequest,
  aims: Aims,
  { design, seen }: { readonly design: DesignSpace; readonly seen: SeenValues },
): ModelSearch<FrontCriterion> | undefined {
  const random = modelRandom(request);
  const criterion = fitFrontCriterion(withDivergedOutcomes(request, aims), aims, { design, random });
  if (criterion === undefined) return undefined;
  const { objectives, limits } = criterion.models;
  const mayRepeat = [...objectives, ...limits].some(({ surrogate }) => isReplicateWorthIt(surrogate));
  return searchBy({ ...criterion, criterion, mayRepeat, isRugged: true }, request, { design, seen, random });
}

function modelRandom({ seed, trialNumber }: SuggestionRequest): Random {
  return createRandom(deriveSeed(seed, "bayesian-oracle", trialNumber));
}

/** A criterion with what the maximisation of its ranking needs. */
interface Ranking<Criterion> {
  readonly criterion: Criterion;
  readonly ranking: Acquisition;
  readonly anchors: readonly Float64Array[];
  /** True if the values of a completed trial may be suggested again. */
  readonly mayRepeat: boolean;
  /** @see Search.isRugged */
  readonly isRugged?: boolean;
}

/** Returns the best point that may be suggested; undefined if there is none. */
function searchBy<Criterion>(
  { criterion, ranking, anchors, mayRepeat, isRugged = false }: Ranking<Criterion>,
  request: SuggestionRequest,
  { design, seen, random }: { readonly design: DesignSpace; readonly seen: SeenValues; readonly random: Random },
): ModelSearch<Criterion> | undefined {
  const ranked = maximise({
    dimensions: design.dimensions,
    acquisition: ranking,
    anchors,
    random,
    isRugged,
    barrier: barrierOf(request, design),
    settle: (point) => allowedPoint(request, design, point),
  });
  const taken = mayRepeat ? seenValues({ ...request, completed: [] }) : seen;
  const free = ranked.find(({ point }) => !taken.has(design.decode(point)));
  const values = free === undefined ? seen.findUnseen(random) : design.decode(free.point);
  return values === undefined ? undefined : { criterion, ranked, values };
}

function allowedPoint(request: SuggestionRequest, design: DesignSpace, point: Float64Array): Float64Array | undefined {
  const settled = design.settle(point);
  if (request.constraints === undefined || request.constraints.length === 0) return settled;
  return isInRegion(request, design.decode(settled)) ? settled : undefined;
}

/** Returns true if noise is large enough that a second measurement of a point is informative. */
function isReplicateWorthIt({ sample, parameters }: Surrogate): boolean {
  return isNoiseKnown(sample) && parameters.noiseVariance >= REPLICATION_NOISE_SHARE_MIN;
}
