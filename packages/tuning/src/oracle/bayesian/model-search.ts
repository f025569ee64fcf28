import { createRandom, deriveSeed } from "../../random/random.js";
import { isInRegion } from "../../space/constraint/region.js";
import { type DesignSpace, designSpace } from "../../space/design-space.js";
import type { ParameterValues, SearchSpace } from "../../space/parameter.js";
import { sampleRegion } from "../../space/sampling/sampling.js";
import { withDivergedTrials } from "../../surrogate/observation/diverged-trials.js";
import { withPrunedTrials } from "../../surrogate/observation/pruned-trials.js";
import { type SeenValues, seenValues } from "../contract/seen-values.js";
import type { SuggestionRequest, SuggestionResult } from "../contract/suggestion.js";
import { barrierOf } from "./acquisition/barrier.js";
import { maximise, type RankedPoint } from "./acquisition/maximise.js";
import { isNoiseKnown, type Surrogate, surrogateOf } from "./infill-criterion.js";
import { initialPoint } from "./initial-design.js";

/** Fewest trials before the model decides, however few the dimensions. */
const INITIAL_TRIALS_MIN = 3;
/** Fewest results that a model is fitted to. */
const OBSERVATIONS_MIN = 2;
/** Best points near which the next one is looked for. */
const ANCHORS_MAX = 3;
/** Share of noise in the variance of objectives from which a second measurement of a point is worth a trial. */
const REPLICATION_NOISE_SHARE_MIN = 0.1;
/** Points of the initial design to pass over where values repeat. */
const INITIAL_POINTS_MAX = 64;

/** A suggestion and the search that found it. */
export interface Decision {
  readonly suggestion: SuggestionResult;
  readonly design: DesignSpace;
  /** Absent where the initial design decided. */
  readonly search?: ModelSearch;
}

/** The search of a model for the next point. */
export interface ModelSearch {
  readonly surrogate: Surrogate;
  /** Candidates by falling value of the acquisition function. */
  readonly ranked: readonly RankedPoint[];
  readonly values: ParameterValues;
}

/** Decides the next suggestion: by the initial design while trials are few, by the model afterwards. */
export function decide(request: SuggestionRequest): Decision {
  const design = designSpace(request.space);
  const seen = seenValues(request);
  const search = isInitial(request, design) ? undefined : searchModel(request, design, seen);
  if (search === undefined) return { suggestion: initialSuggestion(request, design, seen), design };
  return { suggestion: { values: search.values, source: "model" }, design, search };
}

/** Number of trials that spread over the space before the model decides. */
export function initialTrials({ dimensions }: DesignSpace): number {
  return Math.max(INITIAL_TRIALS_MIN, dimensions.length + 1);
}

/** Number of trials that the initial design takes to have been made. */
export function madeTrials({ completed, pending, infeasible, pruned = [] }: SuggestionRequest): number {
  return completed.length + pending.length + infeasible.length + pruned.length;
}

function isInitial(request: SuggestionRequest, design: DesignSpace): boolean {
  const isEarly = madeTrials(request) < initialTrials(design);
  return design.dimensions.length === 0 || isEarly || request.completed.length < OBSERVATIONS_MIN;
}

/** Points of the design that break a constraint or repeat a trial are passed over. */
function initialSuggestion(request: SuggestionRequest, design: DesignSpace, seen: SeenValues): SuggestionResult {
  const { seed, trialNumber } = request;
  const random = createRandom(deriveSeed(seed, "unseen", trialNumber));
  const values = designValues(request, design, seen) ?? seen.findUnseen(random) ?? sampleRegion(request, random);
  return values === undefined ? "exhausted" : { values, source: "initial-design" };
}

function designValues(
  { seed, space, trialNumber }: SuggestionRequest,
  design: DesignSpace,
  seen: SeenValues,
): ParameterValues | undefined {
  for (let skipped = 0; skipped < INITIAL_POINTS_MAX; skipped++) {
    const index = trialNumber + skipped;
    const decoded = design.decode(initialPoint(index, design, seed));
    const values = index === 0 ? withExactDefaults(space, decoded) : decoded;
    if (!seen.has(values)) return values;
  }
  return undefined;
}

/** A default of 0.01 on a logarithmic scale is not to come back as 0.010000000000000005. */
function withExactDefaults(space: SearchSpace, values: ParameterValues): ParameterValues {
  const exact = Object.entries(values).map(([name, value]) => {
    const parameter = space[name];
    return [name, parameter?.type === "fixed" ? value : (parameter?.default ?? value)];
  });
  return Object.fromEntries(exact);
}

/** @returns undefined if no process can be computed with */
function searchModel(request: SuggestionRequest, design: DesignSpace, seen: SeenValues): ModelSearch | undefined {
  const random = createRandom(deriveSeed(request.seed, "bayesian-oracle", request.trialNumber));
  const surrogate = surrogateOf(withDivergedTrials(withPrunedTrials(request)), design, random);
  if (surrogate === undefined) return undefined;
  const ranked = maximise({
    dimensions: design.dimensions,
    acquisition: surrogate.acquisition,
    anchors: surrogate.contenders.slice(0, ANCHORS_MAX),
    random,
    barrier: barrierOf(request, design),
    settle: (point) => allowedPoint(request, design, point),
  });
  const taken = isReplicateWorthIt(surrogate) ? seenValues({ ...request, completed: [] }) : seen;
  const free = ranked.find(({ point }) => !taken.has(design.decode(point)));
  const values = free === undefined ? seen.findUnseen(random) : design.decode(free.point);
  return values === undefined ? undefined : { surrogate, ranked, values };
}

function allowedPoint(request: SuggestionRequest, design: DesignSpace, point: Float64Array): Float64Array | undefined {
  const settled = design.settle(point);
  if (request.constraints === undefined || request.constraints.length === 0) return settled;
  return isInRegion(request, design.decode(settled)) ? settled : undefined;
}

/** Whether a point may be tried a second time, if nothing else promises more: where one measurement says little. */
function isReplicateWorthIt({ sample, parameters }: Surrogate): boolean {
  return isNoiseKnown(sample) && parameters.noiseVariance >= REPLICATION_NOISE_SHARE_MIN;
}
