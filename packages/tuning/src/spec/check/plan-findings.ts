// The findings of a spec's `model` and `training` at one point of its space.

import { ruleFindings } from "../../plan/rules.js";
import { modelSchema } from "../../plan/schema/layer.js";
import { trainingSchema } from "../../plan/schema/training-plan.js";
import type { ModelPlan, TrainingPlan } from "../../plan/training-plan.js";
import { conditionsOf } from "../../space/conditions.js";
import type { Parameter, ParameterValue, SearchSpace } from "../../space/parameter.js";
import { neutralCoordinate, valueAt } from "../../space/unit-cube.js";
import { type Finding, formatPath, type Path, valueAtPath } from "../../validation/problems.js";
import { findingsOf } from "../../validation/schema.js";
import { findReferences, referenceIn, replaceReferences } from "../references.js";
import { REPEAT_MAX, repeatOf, resolveModel } from "../resolve.js";
import type { Point } from "./representative-points.js";

/** A spec's `model` and `training` with references, and its valid settings without any. */
export interface Templates extends Partial<Pick<TrainingPlan, "dataset" | "objective">> {
  readonly model: unknown;
  readonly training: unknown;
}

/** The templates of a spec and the valid parameters that they refer to. */
interface Checked {
  readonly templates: Templates;
  readonly space: SearchSpace;
}

/**
 * Returns the findings of a plan at a point; of references without a value if the plan has none.
 */
export function checkAt({ templates, space }: Checked, values: Point): Finding[] {
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
 * Finds references of inactive parameters in fields that the plan would accept at this point. The
 * plan would silently use the field's default. A field that the plan refuses at this point, such as
 * the momentum of an optimizer without one, is left out rightly.
 */
function missingFindings({ templates, space }: Checked, values: Point): Finding[] {
  const inactive = Object.entries(space).filter(([name]) => !Object.hasOwn(values, name));
  return inactive.flatMap(([name, parameter]) => {
    const filled = { ...values, [name]: valueAt(parameter, neutralCoordinate(parameter)) };
    const paths = keptPaths(templates, values, name);
    if (paths.length === 0) return [];
    const refused = new Set(planFindings(templates, filled).map(({ path }) => formatPath(path)));
    const expected = `a value also where ${inactiveReason(space, name, values)}`;
    return paths
      .filter((path) => !refused.has(formatPath(path)))
      .map((path) => ({ path, received: undefined, expected, reference: name }));
  });
}

/**
 * Returns the paths of references to a parameter in layers that are repeated at least once, and in
 * `training`.
 */
function keptPaths(templates: Templates, values: Point, name: string): Path[] {
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

/** Applies the rules between parts if both are valid. */
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

/** Returns no findings for a missing part, because the spec's schema reports it. */
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

/** Replaces the index of a resolved layer by the index of its entry in the spec. */
function atEntry(finding: Finding, entries: readonly number[]): Finding {
  const [, list, index, ...rest] = finding.path;
  if (list !== "layers" || typeof index !== "number") return finding;
  return { ...finding, path: ["model", "layers", entries[index] ?? index, ...rest] };
}

/** Adds the name of the parameter if the spec has a reference at the finding's path. */
function withReference(finding: Finding, templates: Templates): Finding {
  return { ...finding, reference: referenceIn(valueAtPath(templates, finding.path)) };
}
