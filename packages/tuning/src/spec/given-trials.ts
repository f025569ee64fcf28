// Trials that a spec brings along: points to try first, and results of other studies.

import type { Observation } from "../oracle/oracle.js";
import { checkValues, ownValue } from "../space/check/values.js";
import { isActive, parentsFirst } from "../space/conditions.js";
import type { Parameter, ParameterValue, ParameterValues, SearchSpace } from "../space/parameter.js";
import type { StudySpec } from "./study-spec.js";

/** A result of another study, on a space of its own. */
export interface WarmObservation {
  readonly values: Readonly<Record<string, ParameterValue>>;
  /** In the units of this study's objective. */
  readonly objective: number;
}

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
  const order = parentsFirst(parameters);
  return warmStart.flatMap(({ values, objective }) => {
    const adopted = adoptInOrder(parameters, order, values);
    return adopted === undefined ? [] : [{ values: adopted, objective }];
  });
}

/**
 * Values of another space as values of this one: parameters that this space does not have are left out, those that the
 * other did not have take their default.
 *
 * @returns undefined if a value is none of this space, or is missing and has no default
 */
export function adoptValues(
  space: SearchSpace,
  given: Readonly<Record<string, ParameterValue>>,
): ParameterValues | undefined {
  return adoptInOrder(space, parentsFirst(space), given);
}

function adoptInOrder(
  space: SearchSpace,
  order: readonly string[],
  given: Readonly<Record<string, ParameterValue>>,
): ParameterValues | undefined {
  const adopted: Record<string, ParameterValue> = {};
  for (const name of order) {
    if (!isActive(space, name, adopted)) continue;
    const value = adoptValue(space[name] as Parameter, Object.hasOwn(given, name) ? given[name] : undefined);
    if (value === undefined) return undefined;
    adopted[name] = value;
  }
  const names = Object.keys(space).filter((name) => Object.hasOwn(adopted, name));
  return Object.fromEntries(names.map((name) => [name, adopted[name] as ParameterValue]));
}

function adoptValue(parameter: Parameter, given: ParameterValue | undefined): ParameterValue | undefined {
  if (given !== undefined) return ownValue(parameter, given);
  return parameter.type === "fixed" ? parameter.value : parameter.default;
}
