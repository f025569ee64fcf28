// The phase before the model. Every parameter's value comes from a generator of its own, `Random(s).random()` with s
// counted up from the study's seed, so that earlier trials have to be drawn again to know where s stands.

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

/** Repeated values in a row after which KerasTuner takes the space for used up. */
const COLLISIONS_MAX = 20;
/** Draws outside the constraints in a row after which the region counts as too small to be met by chance. */
const OUTSIDE_MAX = 100;

/** The values of the trial after all those of a request; undefined if the space is taken for used up. */
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

/** How many trials of a request, from the first on, have the values that the random phase gave them. */
export function randomTrials(request: SuggestionRequest): number {
  const used = usedKeys(request);
  let count = 0;
  for (const values of drawsOf(request)) {
    if (count === request.trialNumber || !used.has(valuesKey(request.space, values))) break;
    count++;
  }
  return count;
}

/** The values of the random phase's trials, all different; ends where KerasTuner would. */
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

/** Draws values in the request's region, which KerasTuner does not know; undefined if there seem to be none. */
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
