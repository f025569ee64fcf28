// The check of a spec's `model` and `training` over its space.

import type { DataFacts } from "../../plan/fit.js";
import { isModuleModel } from "../../plan/module-plan.js";
import { dataSetSchema, objectiveSchema } from "../../plan/schema/training-plan.js";
import type { TrainingPlan } from "../../plan/training-plan.js";
import { conditionsOf } from "../../space/conditions.js";
import { rangeOf } from "../../space/constraint/bounds.js";
import { constraintsOf } from "../../space/constraint/parse.js";
import type { Region } from "../../space/constraint/region.js";
import type { Parameter, SearchSpace } from "../../space/parameter.js";
import { nearestName } from "../../validation/nearest-name.js";
import { type Finding, formatPath, valueAtPath } from "../../validation/problems.js";
import { findReferences, isRecord, type Reference } from "../template/references.js";
import { atPlaceOfSpec, namedMetrics } from "./aims-check.js";
import { coverageFindings } from "./coverage/plan-coverage.js";
import { entryFindings, entryParents } from "./entry-check.js";
import { validParameters } from "./space-check.js";

/**
 * Checks `model` and `training` of a spec that may have findings elsewhere.
 *
 * @param spec - the spec as it was read
 * @param facts - the facts about the data, if they were read
 * @returns findings at paths of the spec; the same finding may occur several times
 */
export function checkPlans(spec: Readonly<Record<string, unknown>>, facts?: DataFacts): Finding[] {
  const template = { model: spec["model"], training: spec["training"] };
  // A module's functions get all values, and its `model` has no references.
  const isModule = isModuleModel(template.model);
  const references = findReferences(isModule ? { training: template.training } : template, []);
  const declared = spec["parameters"];
  const space = isRecord(declared) ? validParameters(declared) : {};
  // If one of the three parts is missing, references cannot be checked.
  const isWhole = isRecord(declared) && isRecord(template.model) && isRecord(template.training);
  const conditions = isWhole ? entryFindings(template, space, Object.keys(declared)) : [];
  const named = [...references.map(({ name }) => name), ...entryParents(template)];
  return [
    ...(isWhole ? checkReferences(references, isModule ? Object.keys(declared) : named, declared) : []),
    ...conditions,
    ...(conditions.length > 0 ? [] : checkResolved(spec, references, { space: usedSpace(space, named), facts })),
  ];
}

/**
 * Finds references without a parameter; if there are none, parameters without a reference. A
 * misspelled name is one finding and not two.
 */
function checkReferences(
  references: readonly Reference[],
  named: readonly string[],
  declared: Readonly<Record<string, unknown>>,
): Finding[] {
  const names = Object.keys(declared);
  const unknown = references.filter(({ name }) => !Object.hasOwn(declared, name));
  if (unknown.length > 0) return unknown.map((reference) => unknownParameter(reference, names));
  const used = new Set([...named, ...Object.values(declared).flatMap(parentNames)]);
  return names.filter((name) => !used.has(name)).map((name) => unusedParameter(name, declared[name]));
}

/** Checks the plans of all points. Paths of references without a valid parameter have findings. */
function checkResolved(
  spec: Readonly<Record<string, unknown>>,
  references: readonly Reference[],
  { space, facts }: { readonly space: SearchSpace; readonly facts: DataFacts | undefined },
): Finding[] {
  const unresolved = new Set(
    references.filter(({ name }) => !Object.hasOwn(space, name)).map(({ path }) => formatPath(path)),
  );
  const named = namedMetrics(spec);
  const outcomes = named.map(({ metric }) => metric);
  const settings = { ...validSettings(spec), outcomes, ...(facts === undefined ? {} : { facts }) };
  const template = { model: spec["model"], training: spec["training"], ...settings };
  const region = { space, constraints: usableConstraints(spec["constraints"], space) };
  const findings = coverageFindings(template, region, ({ path }) => unresolved.has(formatPath(path)));
  return findings.map((finding) => atPlaceOfSpec(finding, named));
}

/**
 * Returns the parameters of a space that are named, and their ancestors. Leaves out parameters with
 * a missing parent or with a cycle of parents.
 */
function usedSpace(space: SearchSpace, names: readonly string[]): SearchSpace {
  const used = new Set<string>();
  const add = (name: string, trail: readonly string[]) => {
    const parents = conditionsOf(space[name] as Parameter).map(([parent]) => parent);
    if (trail.includes(name) || parents.some((parent) => !Object.hasOwn(space, parent))) return false;
    if (!parents.every((parent) => add(parent, [...trail, name]))) return false;
    used.add(name);
    return true;
  };
  for (const name of names) if (Object.hasOwn(space, name)) add(name, []);
  return Object.fromEntries(Object.entries(space).filter(([name]) => used.has(name)));
}

/** Returns the valid constraints between numeric parameters of a space. */
function usableConstraints(texts: unknown, space: SearchSpace): Region["constraints"] & object {
  const parsed = Array.isArray(texts) ? constraintsOf(texts.filter((text) => typeof text === "string")) : [];
  const isNumeric = (name: string) => Object.hasOwn(space, name) && rangeOf(space[name] as Parameter) !== undefined;
  return parsed.filter(({ terms }) => Object.keys(terms).every(isNumeric));
}

/** Returns the parents in a parameter's conditions. They count as used. */
function parentNames(parameter: unknown): string[] {
  const when = valueAtPath(parameter, ["when"]);
  return isRecord(when) ? Object.keys(when) : [];
}

/** Returns the finding of a reference to a parameter that the study does not have. */
export function unknownParameter({ path, name }: Reference, declared: readonly string[]): Finding {
  const nearest = nearestName(name, declared);
  const hint = nearest === undefined ? "" : `; did you mean $${nearest}?`;
  const known = declared.length === 0 ? "there are none" : declared.map((other) => `$${other}`).join(", ");
  return { path, received: `$${name}`, expected: `a parameter of this study (${known})${hint}` };
}

function unusedParameter(name: string, received: unknown): Finding {
  return { path: ["parameters", name], received, expected: `a parameter that model or training refers to as $${name}` };
}

/** Returns `dataset` and `objective` of a spec if they are valid. */
function validSettings(spec: Readonly<Record<string, unknown>>): Partial<Pick<TrainingPlan, "dataset" | "objective">> {
  const dataset = dataSetSchema.safeParse(spec["dataset"]);
  const objective = objectiveSchema.safeParse(spec["objective"]);
  return {
    ...(dataset.success ? { dataset: dataset.data } : {}),
    ...(objective.success ? { objective: objective.data } : {}),
  };
}
