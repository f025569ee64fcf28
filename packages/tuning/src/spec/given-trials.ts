// The trials of a spec: enqueued values, and the warm start with results of other studies.

import type { Observation, PartialResult } from "../objective/observation.js";
import { createRandom, deriveSeed } from "../random/random.js";
import { checkPartialValues, completePoint } from "../space/check/partial-values.js";
import { ownValue } from "../space/check/values.js";
import { activeValues, isActive, parentsFirst } from "../space/conditions.js";
import { constraintsOf } from "../space/constraint/parse.js";
import type { Parameter, ParameterValue, ParameterValues, SearchSpace } from "../space/parameter.js";
import type { StudySpec } from "./study-spec.js";

/** The part of a spec that determines the enqueued points. */
type EnqueueingSpec = Pick<StudySpec, "enqueue" | "parameters" | "constraints" | "seed">;

/**
 * Returns an enqueued point of a spec. Values that the point lacks are defaults where there are
 * any, and else drawn at random by the spec's seed and the index.
 *
 * @param index - number of enqueued points that trials have already
 * @returns undefined if all enqueued points have trials; the oracle then suggests values
 */
export function enqueuedValues(
  { enqueue = [], parameters, constraints = [], seed }: EnqueueingSpec,
  index: number,
): ParameterValues | undefined {
  const given = enqueue[index];
  const checked = given === undefined ? undefined : checkPartialValues(parameters, given);
  if (checked?.ok !== true) return undefined;
  const region = { space: parameters, constraints: constraintsOf(constraints) };
  return completePoint(region, checked.values, createRandom(deriveSeed(seed, "enqueue", index)));
}

/** The part of a spec that determines the results of other studies. */
type WarmSpec = Pick<StudySpec, "warmStart" | "parameters">;

/** The results of other studies that lie in the space of a spec. */
interface WarmResults {
  readonly observations: readonly Observation[];
  readonly partials: readonly PartialResult[];
}

/** The results of specs. There may be thousands and a spec never changes: they are adopted once. */
const known = new WeakMap<WarmSpec, WarmResults>();

/** Returns the observations of a spec's warm start that lie in its space. */
export function warmObservations(spec: WarmSpec): readonly Observation[] {
  return warmResults(spec).observations;
}

/** Returns the results of a spec's warm start below the full budget that lie in its space. */
export function warmPartials(spec: WarmSpec): readonly PartialResult[] {
  return warmResults(spec).partials;
}

function warmResults(spec: WarmSpec): WarmResults {
  const old = known.get(spec);
  if (old !== undefined) return old;
  const adopted = adoptedResults(spec);
  const results = {
    observations: adopted
      .filter(({ fidelity }) => fidelity === 1)
      .map(({ values, objective }) => ({ values, objective })),
    partials: adopted.filter(({ fidelity }) => fidelity < 1),
  };
  known.set(spec, results);
  return results;
}

function adoptedResults({ warmStart = [], parameters }: WarmSpec): PartialResult[] {
  const adopt = adoption(parameters);
  return warmStart.flatMap(({ values, objective, fidelity = 1 }) => {
    const adopted = adopt(values);
    return adopted === undefined ? [] : [{ values: adopted, objective, fidelity }];
  });
}

/** A function that converts values of another space; undefined if it cannot. */
export type Adoption = (given: Readonly<Record<string, ParameterValue>>) => ParameterValues | undefined;

/**
 * Returns the conversion of values of other spaces to values of a space. Drops parameters that the
 * space does not have. Parameters without a value get their default.
 *
 * @returns a function that returns undefined if a value is outside the space, or missing without
 * default
 */
export function adoption(space: SearchSpace): Adoption {
  const order = parentsFirst(space);
  const isInOrder = Object.keys(space).every((name, i) => name === order[i]);
  return (given) => {
    const adopted: Record<string, ParameterValue> = {};
    for (const name of order) {
      if (!isActive(space, name, adopted)) continue;
      const value = adoptValue(space[name] as Parameter, Object.hasOwn(given, name) ? given[name] : undefined);
      if (value === undefined) return undefined;
      adopted[name] = value;
    }
    return isInOrder ? adopted : activeValues(space, adopted);
  };
}

function adoptValue(parameter: Parameter, given: ParameterValue | undefined): ParameterValue | undefined {
  if (given !== undefined) return ownValue(parameter, given);
  return parameter.type === "fixed" ? parameter.value : parameter.default;
}
