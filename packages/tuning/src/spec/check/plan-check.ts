// The check of a spec's `model` and `training` over its space, by way of representative points.

import { dataSetSchema, objectiveSchema } from "../../plan/schema/training-plan.js";
import type { TrainingPlan } from "../../plan/training-plan.js";
import type { ParameterValues, SearchSpace } from "../../space/parameter.js";
import { nearestName } from "../../validation/nearest-name.js";
import { type Finding, formatPath, valueAtPath } from "../../validation/problems.js";
import { missingFindings } from "../template/missing-values.js";
import { type CheckedTemplate, planFindings } from "../template/plan-findings.js";
import { findReferences, isRecord, type Reference } from "../template/references.js";
import { representativePoints, usedSpace } from "./representative-points.js";
import { validParameters } from "./space-check.js";

/** Number of findings from which no further points are checked: a person reads no more. */
const FINDINGS_ENOUGH = 100;

/**
 * Checks `model` and `training` of a spec that may have findings elsewhere.
 *
 * @param spec - the spec as it was read
 * @returns findings at paths of the spec; the same finding may occur several times
 */
export function checkPlans(spec: Readonly<Record<string, unknown>>): Finding[] {
  const templates = { model: spec["model"], training: spec["training"] };
  const references = findReferences(templates, []);
  const declared = spec["parameters"];
  // If one of the three parts is missing, references cannot be checked.
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

/**
 * Finds references without a parameter; if there are none, parameters without a reference. A
 * misspelled name is one finding and not two.
 */
function checkReferences(references: readonly Reference[], declared: Readonly<Record<string, unknown>>): Finding[] {
  const names = Object.keys(declared);
  const unknown = references.filter(({ name }) => !Object.hasOwn(declared, name));
  if (unknown.length > 0) return unknown.map((reference) => unknownReference(reference, names));
  const used = new Set([...references.map(({ name }) => name), ...Object.values(declared).flatMap(parentNames)]);
  return names.filter((name) => !used.has(name)).map((name) => unusedParameter(name, declared[name]));
}

/**
 * Checks representative points. Paths of references without a valid parameter have findings
 * already.
 */
function checkResolved(template: CheckedTemplate, references: readonly Reference[], space: SearchSpace): Finding[] {
  const unresolved = new Set(
    references.filter(({ name }) => !Object.hasOwn(space, name)).map(({ path }) => formatPath(path)),
  );
  const findings: Finding[] = [];
  for (const values of representativePoints(usedSpace(space, references))) {
    if (findings.length >= FINDINGS_ENOUGH) break;
    findings.push(...findingsAt(template, space, values).filter(({ path }) => !unresolved.has(formatPath(path))));
  }
  return findings;
}

/** Returns the findings of the plan at a point; missing values if the plan has none. */
function findingsAt(template: CheckedTemplate, space: SearchSpace, values: ParameterValues): Finding[] {
  const findings = planFindings(template, values);
  return findings.length > 0 ? findings : missingFindings(template, space, values);
}

/** Returns the parents in a parameter's conditions. They count as used. */
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

/** Returns `dataset` and `objective` of a spec if they are valid. */
function validSettings(spec: Readonly<Record<string, unknown>>): Partial<Pick<TrainingPlan, "dataset" | "objective">> {
  const dataset = dataSetSchema.safeParse(spec["dataset"]);
  const objective = objectiveSchema.safeParse(spec["objective"]);
  return {
    ...(dataset.success ? { dataset: dataset.data } : {}),
    ...(objective.success ? { objective: objective.data } : {}),
  };
}
