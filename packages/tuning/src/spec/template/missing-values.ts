// References to parameters that have no value at a point, in keys that the plan accepts there.

import { conditionsOf } from "../../space/conditions.js";
import type { Parameter, ParameterValue, ParameterValues, SearchSpace } from "../../space/parameter.js";
import { neutralCoordinate, valueAt } from "../../space/unit-cube.js";
import { type Finding, formatPath, type Path, valueAtPath } from "../../validation/problems.js";
import { UNKNOWN_FIELD } from "../../validation/schema.js";
import { resolveTemplate } from "./entries.js";
import { type CheckedTemplate, entryPath, lookUpIn, planFindings } from "./plan-findings.js";
import { findReferences, referenceIn } from "./references.js";

/**
 * Finds references of inactive parameters in keys that the plan accepts at a point. The plan would
 * silently use the key's default. A key may be left out if the plan refuses it at this point, such
 * as the momentum of an optimizer without one. A key may also be left out if its parameter has a
 * condition on the parameter that chooses the type of the key's mapping.
 */
export function missingFindings(template: CheckedTemplate, space: SearchSpace, values: ParameterValues): Finding[] {
  const inactive = Object.entries(space).filter(([name]) => !Object.hasOwn(values, name));
  return inactive.flatMap(([name, parameter]) => {
    const paths = keptPaths(template, values, name).filter((path) => !followsType(template, parameter, path));
    if (paths.length === 0) return [];
    const filled = { ...values, [name]: valueAt(parameter, neutralCoordinate(parameter)) };
    const refused = new Set(planFindings(template, filled).map(({ path }) => formatPath(path)));
    const expected = expectedValue(space, name, values);
    return paths
      .filter((path) => !refused.has(formatPath(path)))
      .map((path) => ({ path, received: undefined, expected, reference: name }));
  });
}

/**
 * Says in findings of required keys where the key's parameter lacks a value. The plan's schema only
 * knows that the key has none.
 */
export function explainMissing(findings: readonly Finding[], space: SearchSpace, values: ParameterValues): Finding[] {
  return findings.map((finding) => {
    const { reference: name } = finding;
    if (name === undefined || Object.hasOwn(values, name) || !Object.hasOwn(space, name)) return finding;
    return { ...finding, expected: expectedValue(space, name, values) };
  });
}

/** Returns the paths of references to a parameter in entries that stand in the plan. */
function keptPaths(template: CheckedTemplate, values: ParameterValues, name: string): Path[] {
  const lookUp = lookUpIn(values);
  const resolved = resolveTemplate(template, (other) => (other === name ? `$${name}` : lookUp(other)));
  return findReferences({ model: resolved.model, training: resolved.training }, [])
    .filter((reference) => reference.name === name)
    .map(({ path }) => entryPath(path, resolved));
}

/** Tells whether a condition of a parameter names the one that chooses the type of the mapping. */
function followsType(template: CheckedTemplate, parameter: Parameter, path: Path): boolean {
  const chooser = chooserOf(template, path);
  return conditionsOf(parameter).some(([parent]) => parent === chooser);
}

/** Returns the parameter that chooses the type of the mapping that a key is in, if one does. */
function chooserOf(template: CheckedTemplate, path: Path): string | undefined {
  return referenceIn(valueAtPath(template, [...path.slice(0, -1), "type"]));
}

/**
 * Says in findings of unknown keys for which chosen type the key is unknown, and how a key that
 * only some types have is written. A misspelled key keeps its proposal.
 */
export function explainForeign(
  findings: readonly Finding[],
  template: CheckedTemplate,
  values: ParameterValues,
): Finding[] {
  return findings.map((finding) => {
    const chooser = chooserOf(template, finding.path);
    const isForeign = finding.expected.startsWith(UNKNOWN_FIELD) && !finding.expected.includes("did you mean");
    if (!isForeign || chooser === undefined || !Object.hasOwn(values, chooser)) return finding;
    const { reference } = finding;
    const parameter =
      reference === undefined ? "write it as a parameter of type fixed" : `limit parameter ${reference}`;
    const place = `${UNKNOWN_FIELD} where ${chooser} is ${JSON.stringify(values[chooser])}`;
    return { ...finding, expected: `${place}; ${parameter} with when.${chooser}` };
  });
}

/** Says where a parameter lacks a value, and which condition would have to allow it. */
function expectedValue(space: SearchSpace, name: string, values: ParameterValues): string {
  const conditions = conditionsOf(space[name] as Parameter);
  const failing = conditions.find(([parent, allowed]) => !allowed.includes(values[parent] as ParameterValue));
  if (failing === undefined) return `a value also where ${name} is inactive`;
  const [parent] = failing;
  if (!Object.hasOwn(values, parent)) return expectedValue(space, parent, values);
  const value = JSON.stringify(values[parent]);
  return `a value also where ${parent} is ${value}; add ${value} to when.${parent} of parameter ${name}`;
}
