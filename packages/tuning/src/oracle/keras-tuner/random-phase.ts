// The random phase. Each drawn value comes from a generator of its own, `Random(s).random()`, where
// s starts at the study's seed and grows by 1 per value. The draws of all earlier trials are
// repeated to find s.

import { createRandom, deriveSeed } from "../../random/random.js";
import { conditionsOf, parentsFirst } from "../../space/conditions.js";
import { isInRegion } from "../../space/constraint/region.js";
import type { Parameter, ParameterValue, ParameterValues, SearchSpace } from "../../space/parameter.js";
import { sampleRegion } from "../../space/sampling/sampling.js";
import { valuesKey } from "../../space/values-key.js";
import { usedKeys } from "../contract/seen-values.js";
import { type SuggestionRequest, suggestionIndexOf } from "../contract/suggestion.js";
import { pythonRandom } from "./mersenne-twister.js";
import { valueAtProbability } from "./probability.js";

/** Most repeated draws in a row. After more, KerasTuner considers the space used up. */
const COLLISIONS_MAX = 20;
/**
 * Most draws in a row outside the constraints. After more, a point is sampled from the region
 * itself.
 */
const OUTSIDE_MAX = 100;

/** The next draw of the random phase. */
export interface Draw {
  /** Undefined if KerasTuner considers the space used up. */
  readonly values: ParameterValues | undefined;
  /** Number of different draws before this one. */
  readonly index: number;
}

/** Returns the first draw that no trial has. */
export function nextDraw(request: SuggestionRequest): Draw {
  const used = usedKeys(request);
  let index = 0;
  for (const values of drawsOf(request)) {
    if (!used.has(valuesKey(request.space, values))) return { values, index };
    index++;
  }
  return { values: undefined, index };
}

/** Returns the number of the oracle's first suggestions that are draws of the random phase. */
export function randomTrials(request: SuggestionRequest): number {
  return Math.min(suggestionIndexOf(request), nextDraw(request).index);
}

/** Yields the distinct values of the random phase, and ends where KerasTuner ends. */
function* drawsOf(request: SuggestionRequest): Generator<ParameterValues, undefined> {
  const tried = new Set<string>();
  const draw = drawer(request);
  for (let collisions = 0; collisions <= COLLISIONS_MAX; ) {
    const values = draw();
    if (values === undefined) return undefined;
    const key = valuesKey(request.space, values);
    if (tried.has(key)) {
      collisions++;
      continue;
    }
    tried.add(key);
    collisions = 0;
    yield values;
  }
  return undefined;
}

/**
 * Returns a function that draws values in the region (KerasTuner has no constraints); undefined if
 * none are found.
 */
function drawer(request: SuggestionRequest): () => ParameterValues | undefined {
  const { space, seed } = request;
  let state = seed;
  const drawSpace = spaceDrawer(space, () => state++);
  return () => {
    for (let draw = 0; draw <= OUTSIDE_MAX; draw++) {
      const values = drawSpace();
      if (isInRegion(request, values)) return values;
    }
    return sampleRegion(request, createRandom(deriveSeed(seed, "keras-tuner", state)));
  };
}

function spaceDrawer(space: SearchSpace, nextSeed: () => number): () => ParameterValues {
  const order = parentsFirst(space);
  return () => {
    const drawn = new Map<string, ParameterValue>();
    for (const name of order) {
      const parameter = space[name] as Parameter;
      const isDrawn = conditionsOf(parameter).every(([parent, values]) => {
        const value = drawn.get(parent);
        return value !== undefined && values.includes(value);
      });
      if (isDrawn) drawn.set(name, valueAtProbability(parameter, pythonRandom(nextSeed()).uniform()));
    }
    const names = Object.keys(space).filter((name) => drawn.has(name));
    return Object.fromEntries(names.map((name) => [name, drawn.get(name) as ParameterValue]));
  };
}
