import { createRandom, deriveSeed } from "../../random/random.js";
import { isInRegion } from "../../space/constraint/region.js";
import { designSpace } from "../../space/design-space.js";
import type { Parameter, ParameterValue, ParameterValues, SearchSpace } from "../../space/parameter.js";
import { sampleRegion } from "../../space/sampling/sampling.js";
import type { SuggestionRequest } from "./suggestion.js";

/** Returns the defaults of a space, with the middle of its range for a parameter without one. */
export function defaultValues(space: SearchSpace): ParameterValues {
  const { encode, decode } = designSpace(space);
  // The unit cube rounds: 0.01 on a log scale comes back as 0.010000000000000005.
  const exact = Object.entries(decode(encode({}))).map(([name, middle]) => [name, defaultOf(space, name) ?? middle]);
  return Object.fromEntries(exact);
}

/**
 * Returns the point of the declared defaults in the region of a request. If the middle of the other
 * parameters violates a constraint, these parameters get random values that fulfil it.
 *
 * @returns undefined if no active parameter declares a default, or if the defaults themselves
 * violate a constraint
 */
export function declaredDefaults(request: SuggestionRequest): ParameterValues | undefined {
  const { space, seed } = request;
  const values = defaultValues(space);
  const declared = Object.keys(values).filter((name) => defaultOf(space, name) !== undefined);
  if (declared.length === 0) return undefined;
  if (isInRegion(request, values)) return values;
  return sampleRegion({ ...request, space: withFixedDefaults(space) }, createRandom(deriveSeed(seed, "defaults")));
}

function withFixedDefaults(space: SearchSpace): SearchSpace {
  const parameters = Object.entries(space).map(([name, parameter]): [string, Parameter] => {
    const value = defaultOf(space, name);
    if (value === undefined) return [name, parameter];
    const { when } = parameter;
    return [name, { type: "fixed", value, ...(when === undefined ? {} : { when }) }];
  });
  return Object.fromEntries(parameters);
}

function defaultOf(space: SearchSpace, name: string): ParameterValue | undefined {
  const parameter = space[name];
  return parameter === undefined || parameter.type === "fixed" ? undefined : parameter.default;
}
