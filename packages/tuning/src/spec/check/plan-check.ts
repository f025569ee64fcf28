// Whether a spec's model and training are right at every point of its space, told from a few points: each parameter at
// its ends, inside, and at each category, with all others low and all others high, and its parents such that it is active.

import { ruleFindings } from "../../plan/rules.js";
import { modelSchema } from "../../plan/schema/layer.js";
import { dataSetSchema, objectiveSchema, trainingSchema } from "../../plan/schema/training-plan.js";
import type { ModelPlan, TrainingPlan } from "../../plan/training-plan.js";
import { activeValues, conditionsOf, isActive } from "../../space/conditions.js";
import type { Parameter, ParameterValue, SearchSpace } from "../../space/parameter.js";
import { neutralCoordinate, valueAt } from "../../space/unit-cube.js";
import { nearestName } from "../../validation/nearest-name.js";
import { type Finding, formatPath, type Path, valueAtPath } from "../../validation/problems.js";
import { findingsOf } from "../../validation/schema.js";
import { findReferences, isRecord, type Reference, referenceIn, replaceReferences } from "../references.js";
import { REPEAT_MAX, repeatOf, resolveModel } from "../resolve.js";
import { validParameters } from "./space-check.js";

/**
 * Checks `model` and `training` of a spec that may have problems elsewhere.
 *
 * @param spec - the spec as it was read
 * @returns findings at paths of the spec, many of them more than once
 */
export function checkPlans(spec: Readonly<Record<string, unknown>>): Finding[] {
  const templates = { model: spec["model"], training: spec["training"] };
  const references = findReferences(templates, []);
  const declared = spec["parameters"];
  // Where one of the three parts is missing, no reference can be judged.
  const isWhole = isRecord(declared) && isRecord(templates.model) && isRecord(templates.training);
  return [
    ...(isWhole ? checkReferences(references, declared) : []),
    ...checkResolved(
      { ...templates, ...validSettings(spec) },
      references,
      isRecord(declared) ? validParameters(declared) : {},
    ),
  ];
}

/** Past this number of findings no further points are tried: a spec that is wrong everywhere is wrong enough. */
const FINDINGS_ENOUGH = 100;

interface Templates extends Partial<Pick<TrainingPlan, "dataset" | "objective">> {
  readonly model: unknown;
  readonly training: unknown;
}

type Point = Readonly<Record<string, ParameterValue>>;

/** Every parameter must be used and every use must have its parameter; one misspelled name is one problem, not two. */
function checkReferences(references: readonly Reference[], declared: Readonly<Record<string, unknown>>): Finding[] {
  const names = Object.keys(declared);
  const unknown = references.filter(({ name }) => !Object.hasOwn(declared, name));
  if (unknown.length > 0) return unknown.map((reference) => unknownReference(reference, names));
  const used = new Set([...references.map(({ name }) => name), ...Object.values(declared).flatMap(parentNames)]);
  return names.filter((name) => !used.has(name)).map((name) => unusedParameter(name, declared[name]));
}

/** Findings at representative points; none where a reference has no valid parameter, for that is reported already. */
function checkResolved(templates: Templates, references: readonly Reference[], space: SearchSpace): Finding[] {
  const unresolved = new Set(
    references.filter(({ name }) => !Object.hasOwn(space, name)).map(({ path }) => formatPath(path)),
  );
  const findings: Finding[] = [];
  for (const values of representativePoints(usedSpace(space, references))) {
    if (findings.length >= FINDINGS_ENOUGH) break;
    findings.push(...checkAt({ templates, space }, values).filter(({ path }) => !unresolved.has(formatPath(path))));
  }
  return findings;
}

/** The parameters that references name, and their parents; none with a parent that is missing or that they lead back to. */
function usedSpace(space: SearchSpace, references: readonly Reference[]): SearchSpace {
  const used = new Set<string>();
  const add = (name: string, trail: readonly string[]) => {
    const parents = conditionsOf(space[name] as Parameter).map(([parent]) => parent);
    if (trail.includes(name) || parents.some((parent) => !Object.hasOwn(space, parent))) return false;
    if (!parents.every((parent) => add(parent, [...trail, name]))) return false;
    used.add(name);
    return true;
  };
  for (const { name } of references) if (Object.hasOwn(space, name)) add(name, []);
  return Object.fromEntries(Object.entries(space).filter(([name]) => used.has(name)));
}

/** A parameter that only decides on others is used too. */
function parentNames(parameter: unknown): string[] {
  const when = valueAtPath(parameter, ["when"]);
  return isRecord(when) ? Object.keys(when) : [];
}

function unknownReference({ path, name }: Reference, declared: readonly string[]): Finding {
  const nearest = nearestName(name, declared);
  const hint = nearest === undefined ? "" : `; did you mean $${nearest}?`;
  const known = declared.length === 0 ? "there are none" : declared.map((other) => `$${other}`).join(", ");
  return { path, received: `$${name}`, expected: `a parameter of this study (${known})${hint}` };
}

function unusedParameter(name: string, received: unknown): Finding {
  return { path: ["parameters", name], received, expected: `a parameter that model or training refers to as $${name}` };
}

/** The parts of a plan that a spec has as they are; without those that have problems of their own. */
function validSettings(spec: Readonly<Record<string, unknown>>): Partial<Pick<TrainingPlan, "dataset" | "objective">> {
  const dataset = dataSetSchema.safeParse(spec["dataset"]);
  const objective = objectiveSchema.safeParse(spec["objective"]);
  return {
    ...(dataset.success ? { dataset: dataset.data } : {}),
    ...(objective.success ? { objective: objective.data } : {}),
  };
}

function representativePoints(space: SearchSpace): Point[] {
  const names = Object.entries(space);
  const bases = [0, 1].map((end) => Object.fromEntries(names.map(([name, p]) => [name, valueAt(p, end)])));
  const moved = names.flatMap(([name, p]) =>
    bases.flatMap((base) => representatives(p).map((v) => ({ ...activated(space, name, base), [name]: v }))),
  );
  return [...bases, ...moved].map((values) => activeValues(space, values));
}

/** The values with the parents of a parameter, and theirs, such that it is active. */
function activated(space: SearchSpace, name: string, base: Point): Point {
  if (isActive(space, name, base)) return base;
  return conditionsOf(space[name] as Parameter).reduce(
    (values, [parent, allowed]) => ({ ...activated(space, parent, values), [parent]: allowed[0] as ParameterValue }),
    base,
  );
}

function representatives(parameter: Parameter): readonly ParameterValue[] {
  if (parameter.type === "categorical") return parameter.values;
  // The inner point is irrational, so that a double never passes for a whole number.
  const inside = Math.SQRT1_2;
  return [...new Set([0, inside, 1].map((coordinate) => valueAt(parameter, coordinate)))];
}

interface Checked {
  readonly templates: Templates;
  readonly space: SearchSpace;
}

function checkAt({ templates, space }: Checked, values: Point): Finding[] {
  const findings = planFindings(templates, values);
  return findings.length > 0 ? findings : missingFindings({ templates, space }, values);
}

function planFindings(templates: Templates, values: Point): Finding[] {
  const lookUp = (name: string) => (Object.hasOwn(values, name) ? values[name] : undefined);
  const { model, entries } = resolveModel(templates.model, lookUp);
  const training = replaceReferences(templates.training, lookUp);
  const parsed = { model: modelSchema.safeParse(model), training: trainingSchema.safeParse(training) };
  const findings = [
    ...repeatFindings(templates.model, lookUp),
    ...findingsAt("model", parsed.model.error, model).map((f) => atEntry(f, entries)),
    ...findingsAt("training", parsed.training.error, training),
    ...rulesAt(parsed, templates).map((f) => atEntry(f, entries)),
  ];
  return findings.map((finding) => withReference(finding, templates));
}

/**
 * References that have no value at a point although the plan would take one there: it would go on with the field's
 * default in silence. Where the plan takes none, as another optimizer has no momentum, leaving the field out is right.
 */
function missingFindings({ templates, space }: Checked, values: Point): Finding[] {
  const inactive = Object.entries(space).filter(([name]) => !Object.hasOwn(values, name));
  return inactive.flatMap(([name, parameter]) => {
    const filled = { ...values, [name]: valueAt(parameter, neutralCoordinate(parameter)) };
    const places = keptPlaces(templates, values, name);
    if (places.length === 0) return [];
    const refused = new Set(planFindings(templates, filled).map(({ path }) => formatPath(path)));
    const expected = `a value also where ${inactiveReason(space, name, values)}`;
    return places
      .filter((path) => !refused.has(formatPath(path)))
      .map((path) => ({ path, received: undefined, expected, reference: name }));
  });
}

/** Places in the spec of references to a parameter that are left once layers repeated 0 times are gone. */
function keptPlaces(templates: Templates, values: Point, name: string): Path[] {
  const lookUp = (other: string) =>
    other === name ? `$${name}` : Object.hasOwn(values, other) ? values[other] : undefined;
  const { model, entries } = resolveModel(templates.model, lookUp);
  const training = replaceReferences(templates.training, lookUp);
  return findReferences({ model, training }, [])
    .filter((reference) => reference.name === name)
    .map(({ path }) => atEntry({ path, received: undefined, expected: "" }, entries).path);
}

function inactiveReason(space: SearchSpace, name: string, values: Point): string {
  const conditions = conditionsOf(space[name] as Parameter);
  const failing = conditions.find(([parent, allowed]) => !allowed.includes(values[parent] as ParameterValue));
  if (failing === undefined) return `${name} is inactive`;
  const [parent] = failing;
  return Object.hasOwn(values, parent)
    ? `${parent} is ${JSON.stringify(values[parent])}`
    : inactiveReason(space, parent, values);
}

/** What valid parts demand of each other. */
function rulesAt(
  { model, training }: { model: Parsed<ModelPlan>; training: Parsed<Training> },
  settings: Templates,
): Finding[] {
  return model.success && training.success
    ? ruleFindings({ ...settings, model: model.data, training: training.data })
    : [];
}

type Training = TrainingPlan["training"];
type Parsed<T> = { readonly success: true; readonly data: T } | { readonly success: false };

/** None for a part that is missing: the spec's schema says so. */
function findingsAt(field: string, error: Parameters<typeof findingsOf>[0] | undefined, input: unknown): Finding[] {
  if (error === undefined || input === undefined) return [];
  return findingsOf(error, input).map((finding) => ({ ...finding, path: [field, ...finding.path] }));
}

function repeatFindings(template: unknown, lookUp: (name: string) => unknown): Finding[] {
  const layers = valueAtPath(replaceReferences(template, lookUp), ["layers"]);
  if (!Array.isArray(layers)) return [];
  return layers.flatMap((layer: unknown, i) => {
    if (repeatOf(layer) !== undefined) return [];
    const path = ["model", "layers", i, "repeat"];
    return [{ path, received: valueAtPath(layer, ["repeat"]), expected: `a whole number from 0 to ${REPEAT_MAX}` }];
  });
}

/** Turns the index of a layer into that of its entry in the spec. */
function atEntry(finding: Finding, entries: readonly number[]): Finding {
  const [, list, index, ...rest] = finding.path;
  if (list !== "layers" || typeof index !== "number") return finding;
  return { ...finding, path: ["model", "layers", entries[index] ?? index, ...rest] };
}

/** Names the parameter where the spec has a reference and the plan its value. */
function withReference(finding: Finding, templates: Templates): Finding {
  return { ...finding, reference: referenceIn(valueAtPath(templates, finding.path)) };
}
