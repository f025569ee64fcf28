// Whether a spec's model and training are right at every point of its space, told from a few points: each parameter at
// its ends, inside, and at each category, with all others low and all others high.

import { ruleFindings } from "../plan/rules.js";
import { modelSchema } from "../plan/schema/layer.js";
import { dataSetSchema, objectiveSchema, trainingSchema } from "../plan/schema/training-plan.js";
import type { ModelPlan, TrainingPlan } from "../plan/training-plan.js";
import type { Parameter, ParameterValue, SearchSpace } from "../space/parameter.js";
import { parameterSchema } from "../space/parameter-schema.js";
import { valueAt } from "../space/unit-cube.js";
import { nearestName } from "../validation/nearest-name.js";
import { findingsOf } from "../validation/schema.js";
import { type Finding, formatPath, valueAtPath } from "./problems.js";
import { findReferences, isRecord, type Reference, referenceIn, replaceReferences } from "./references.js";
import { REPEAT_MAX, repeatOf, resolveModel } from "./resolve.js";

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
  const used = new Set(references.map(({ name }) => name));
  return names.filter((name) => !used.has(name)).map((name) => unusedParameter(name, declared[name]));
}

/** Findings at representative points; none where a reference has no valid parameter, for that is reported already. */
function checkResolved(templates: Templates, references: readonly Reference[], space: SearchSpace): Finding[] {
  const unresolved = new Set(
    references.filter(({ name }) => !Object.hasOwn(space, name)).map(({ path }) => formatPath(path)),
  );
  const used = new Set(references.map(({ name }) => name));
  const points = representativePoints(Object.fromEntries(Object.entries(space).filter(([name]) => used.has(name))));
  const findings: Finding[] = [];
  for (const values of points) {
    if (findings.length >= FINDINGS_ENOUGH) break;
    findings.push(...checkAt(templates, values).filter(({ path }) => !unresolved.has(formatPath(path))));
  }
  return findings;
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

function validParameters(declared: Readonly<Record<string, unknown>>): SearchSpace {
  const parsed = Object.entries(declared).map(([name, value]) => [name, parameterSchema.safeParse(value)] as const);
  return Object.fromEntries(parsed.flatMap(([name, result]) => (result.success ? [[name, result.data]] : [])));
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
    bases.flatMap((base) => representatives(p).map((v) => ({ ...base, [name]: v }))),
  );
  return [...bases, ...moved];
}

function representatives(parameter: Parameter): readonly ParameterValue[] {
  if (parameter.type === "categorical") return parameter.values;
  // The inner point is irrational, so that a double never passes for a whole number.
  const inside = Math.SQRT1_2;
  return [...new Set([0, inside, 1].map((coordinate) => valueAt(parameter, coordinate)))];
}

function checkAt(templates: Templates, values: Point): Finding[] {
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
