// Trials that a spec brings along: points to try first, and results of other studies.

import type { Observation } from "../objective/observation.js";
import { checkValues, ownValue } from "../space/check/values.js";
import { activeValues, isActive, parentsFirst } from "../space/conditions.js";
import type { Parameter, ParameterValue, ParameterValues, SearchSpace } from "../space/parameter.js";
import type { StudySpec } from "./study-spec.js";

/** The values that a spec asks a trial to run with, whatever its oracle would suggest; undefined for later trials. */
export function enqueuedValues(
  { enqueue = [], parameters }: Pick<StudySpec, "enqueue" | "parameters">,
  trialNumber: number,
): ParameterValues | undefined {
  const given = enqueue[trialNumber];
  const checked = given === undefined ? undefined : checkValues(parameters, given);
  return checked?.ok === true ? checked.values : undefined;
}

/** The results of other studies that a spec brings along, as the oracle may know them: those that lie in its space. */
export function warmObservations({
  warmStart = [],
  parameters,
}: Pick<StudySpec, "warmStart" | "parameters">): Observation[] {
  const adopt = adoption(parameters);
  return warmStart.flatMap(({ values, objective }) => {
    const adopted = adopt(values);
    return adopted === undefined ? [] : [{ values: adopted, objective }];
  });
}

/** Turns values of another space into values of this one; undefined where that cannot be. */
export type Adoption = (given: Readonly<Record<string, ParameterValue>>) => ParameterValues | undefined;

/**
 * How values of other spaces become values of a space: parameters that it does not have are left out, those that the other
 * did not have take their default.
 *
 * @returns a function that gives undefined if a value is none of this space, or is missing and has no default
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
