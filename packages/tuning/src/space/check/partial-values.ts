// Points of which only some values are given, such as enqueued ones. The other values are defaults
// where there are any, and else drawn at random among those that the given values and the
// constraints leave.

import type { Random } from "../../random/random.js";
import { conditionsOf } from "../conditions.js";
import type { Region } from "../constraint/region.js";
import { isInRegion } from "../constraint/region.js";
import type { Parameter, ParameterValue, ParameterValues, SearchSpace } from "../parameter.js";
import { sampleRegion } from "../sampling/sampling.js";
import { checkValues, expectedValue, ownValue, unknownNames, type ValuesResult } from "./values.js";

/**
 * Checks given values of a point: each name and value must be one of the space, and no other given
 * value may make a parameter inactive.
 */
export function checkPartialValues(space: SearchSpace, given: Readonly<Record<string, unknown>>): ValuesResult {
  const own: Record<string, ParameterValue> = {};
  const findings = [...unknownNames(space, given)];
  for (const name of Object.keys(space).filter((known) => Object.hasOwn(given, known))) {
    const value = ownValue(space[name] as Parameter, given[name]);
    if (value !== undefined) own[name] = value;
    else findings.push({ path: [name], received: given[name], expected: expectedValue(space[name] as Parameter) });
  }
  for (const name of Object.keys(own).filter((known) => isExcluded(space, known, own))) {
    const expected = "no value, because the parameter is inactive there";
    findings.push({ path: [name], received: given[name], expected });
  }
  return findings.length === 0 ? { ok: true, values: own } : { ok: false, findings };
}

/**
 * Completes a point to one value for each active parameter.
 *
 * @param given - accepted by `checkPartialValues`; every given parameter is active in the result
 * @returns undefined if no point of the region with these values was found
 */
export function completePoint(region: Region, given: ParameterValues, random: Random): ParameterValues | undefined {
  const { space, constraints = [] } = region;
  const whole = checkValues(space, given);
  if (whole.ok) return isInRegion(region, whole.values) ? whole.values : undefined;
  const narrowed = narrowedSpace(space, given);
  if (narrowed === undefined) return undefined;
  const byDefault = { space: mapParameters(narrowed, withDefault), constraints };
  return sampleRegion(byDefault, random) ?? sampleRegion({ space: narrowed, constraints }, random);
}

/** Tells whether a given value of an ancestor makes a parameter inactive. */
function isExcluded(space: SearchSpace, name: string, own: ParameterValues): boolean {
  return conditionsOf(space[name] as Parameter).some(
    ([parent, allowed]) =>
      (Object.hasOwn(own, parent) && !allowed.includes(own[parent] as ParameterValue)) ||
      isExcluded(space, parent, own),
  );
}

/**
 * Returns the space in which given parameters are fixed and their ancestors have only the values
 * that make them active; undefined if an ancestor has none.
 */
function narrowedSpace(space: SearchSpace, given: ParameterValues): SearchSpace | undefined {
  const allowed = new Map<string, readonly ParameterValue[]>();
  const allow = (name: string) => {
    for (const [parent, values] of conditionsOf(space[name] as Parameter)) {
      allowed.set(
        parent,
        (allowed.get(parent) ?? values).filter((value) => values.includes(value)),
      );
      allow(parent);
    }
  };
  for (const name of Object.keys(given)) allow(name);
  if ([...allowed.values()].some((values) => values.length === 0)) return undefined;
  return mapParameters(space, (parameter, name) => {
    if (Object.hasOwn(given, name)) return fixedAt(parameter, given[name] as ParameterValue);
    const values = allowed.get(name);
    return values === undefined ? parameter : limitedTo(parameter, values);
  });
}

function limitedTo(parameter: Parameter, values: readonly ParameterValue[]): Parameter {
  const fallback = parameter.type === "fixed" ? undefined : parameter.default;
  const { when } = parameter;
  return {
    type: "categorical",
    values,
    ...(fallback !== undefined && values.includes(fallback) ? { default: fallback } : {}),
    ...(when === undefined ? {} : { when }),
  };
}

function withDefault(parameter: Parameter): Parameter {
  if (parameter.type === "fixed" || parameter.default === undefined) return parameter;
  return fixedAt(parameter, parameter.default);
}

function fixedAt({ when }: Parameter, value: ParameterValue): Parameter {
  return { type: "fixed", value, ...(when === undefined ? {} : { when }) };
}

function mapParameters(space: SearchSpace, change: (parameter: Parameter, name: string) => Parameter): SearchSpace {
  return Object.fromEntries(Object.entries(space).map(([name, parameter]) => [name, change(parameter, name)]));
}
