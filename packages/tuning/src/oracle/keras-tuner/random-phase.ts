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
import type { SuggestionRequest } from "../contract/suggestion.js";
import { pythonRandom } from "./mersenne-twister.js";
import { valueAtProbability } from "./probability.js";

/** Most repeated draws in a row. After more, KerasTuner considers the space used up. */
const COLLISIONS_MAX = 20;
/**
 * Most draws in a row outside the constraints. After more, a point is sampled from the region
 * itself.
 */
const OUTSIDE_MAX = 100;

/** Returns the values of the next trial; undefined if the space counts as used up. */
export function randomValues(request: SuggestionRequest): ParameterValues | undefined {
  const used = usedKeys(request);
  const draws = drawsOf(request);
  for (let trial = 0; trial < request.trialNumber; trial++) if (draws.next().done === true) return undefined;
  for (let draw = 0; draw <= COLLISIONS_MAX; draw++) {
    const { value, done } = draws.next();
    if (done === true) return undefined;
    if (!used.has(valuesKey(request.space, value))) return value;
  }
  return undefined;
}

/** Returns the number of first trials of a request whose values are those of the random phase. */
export function randomTrials(request: SuggestionRequest): number {
  const used = usedKeys(request);
  let count = 0;
  for (const values of drawsOf(request)) {
    if (count === request.trialNumber || !used.has(valuesKey(request.space, values))) break;
    count++;
  }
  return count;
}

/** Yields the distinct values of the random phase, and ends where KerasTuner ends. */
function* drawsOf(request: SuggestionRequest): Generator<ParameterValues, undefined> {
  const tried = new Set<string>();
  const draw = drawer(request);
  for (;;) {
    let values: ParameterValues | undefined;
    for (let collisions = 0; collisions <= COLLISIONS_MAX; collisions++) {
      values = draw();
      if (values === undefined || !tried.has(valuesKey(request.space, values))) break;
      values = undefined;
    }
    if (values === undefined) return undefined;
    tried.add(valuesKey(request.space, values));
    yield values;
  }
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
