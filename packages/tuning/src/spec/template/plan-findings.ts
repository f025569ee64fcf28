// The findings of a spec's `model` and `training` at one point of its space.

import { isModuleModel } from "../../plan/module-plan.js";
import { moduleRuleFindings, type PlanParts, ruleFindings } from "../../plan/rules.js";
import { modelSchema } from "../../plan/schema/layer.js";
import { moduleModelSchema, moduleTrainingSchema } from "../../plan/schema/module.js";
import { trainingSchema } from "../../plan/schema/training-plan.js";
import type { ModelPlan, TrainingPlan } from "../../plan/training-plan.js";
import type { ParameterValues } from "../../space/parameter.js";
import { nearestName } from "../../validation/nearest-name.js";
import { type Finding, type Path, valueAtPath } from "../../validation/problems.js";
import { findingsOf, UNKNOWN_FIELD } from "../../validation/schema.js";
import { type LookUp, REPEAT_MAX, type ResolvedTemplate, repeatOf, resolveTemplate, type Template } from "./entries.js";
import { isRecord, referenceIn, replaceReferences } from "./references.js";

/** A template with the settings of its spec that are valid. */
export interface CheckedTemplate extends Template, Pick<PlanParts, "dataset" | "objective" | "outcomes" | "facts"> {}

/** Returns the look-up of a parameter's value in a point. Reads own properties only. */
export function lookUpIn(values: ParameterValues): LookUp {
  return (name) => (Object.hasOwn(values, name) ? values[name] : undefined);
}

/**
 * Returns the findings of the plan at a point, at paths of the spec. A finding names the parameter
 * whose value is wrong.
 */
export function planFindings(template: CheckedTemplate, values: ParameterValues): Finding[] {
  const lookUp = lookUpIn(values);
  const resolved = resolveTemplate(template, lookUp);
  const found = isModuleModel(template.model)
    ? moduleFindings(resolved, template)
    : networkFindings(resolved, template);
  const findings = found.map((finding) => withEntryKey({ ...finding, path: entryPath(finding.path, resolved) }));
  return [...repeatFindings(template.model, lookUp), ...findings].map((finding) => withReference(finding, template));
}

function networkFindings(resolved: ResolvedTemplate, template: CheckedTemplate): Finding[] {
  const model = modelSchema.safeParse(resolved.model);
  const training = trainingSchema.safeParse(resolved.training);
  return [
    ...findingsAt("model", model.error, resolved.model),
    ...findingsAt("training", training.error, resolved.training),
    ...rulesAt({ model, training }, template),
  ];
}

/** A module's `model` has no references, so that it is checked as the spec has it. */
function moduleFindings(resolved: ResolvedTemplate, template: CheckedTemplate): Finding[] {
  const model = moduleModelSchema.safeParse(template.model);
  const training = moduleTrainingSchema.safeParse(resolved.training);
  return [
    ...findingsAt("model", model.error, template.model),
    ...findingsAt("training", training.error, resolved.training),
    ...(training.success ? moduleRuleFindings({ ...template, training: training.data }) : []),
  ];
}

const ENTRY_KEYS = { layers: ["repeat", "when"], callbacks: ["when"] } as const;

/** Proposes a key of entries in place of an unknown one. The plan's schema does not know them. */
function withEntryKey(finding: Finding): Finding {
  const [, list, , key, ...rest] = finding.path;
  const isUnknownKey = finding.expected.startsWith(UNKNOWN_FIELD) && rest.length === 0;
  if (!isUnknownKey || (list !== "layers" && list !== "callbacks")) return finding;
  const meant = nearestName(String(key), ENTRY_KEYS[list]);
  return meant === undefined ? finding : { ...finding, expected: `${UNKNOWN_FIELD}; did you mean ${meant}?` };
}

/** Replaces the index of a resolved layer or callback in a path by the index of its entry. */
export function entryPath(path: Path, { layerEntries, callbackEntries }: ResolvedTemplate): Path {
  const [part, list, index, ...rest] = path;
  if (typeof index !== "number" || (list !== "layers" && list !== "callbacks")) return path;
  const entries = list === "layers" ? layerEntries : callbackEntries;
  return [part as PropertyKey, list, entries[index] ?? index, ...rest];
}

type Training = TrainingPlan["training"];
type Parsed<T> = { readonly success: true; readonly data: T } | { readonly success: false };

/** Applies the rules between parts if both are valid. */
function rulesAt(
  { model, training }: { model: Parsed<ModelPlan>; training: Parsed<Training> },
  settings: CheckedTemplate,
): Finding[] {
  return model.success && training.success
    ? ruleFindings({ ...settings, model: model.data, training: training.data })
    : [];
}

/** Returns no findings for a missing part, because the spec's schema reports it. */
function findingsAt(field: string, error: Parameters<typeof findingsOf>[0] | undefined, input: unknown): Finding[] {
  if (error === undefined || input === undefined) return [];
  return findingsOf(error, input).map((finding) => ({ ...finding, path: [field, ...finding.path] }));
}

function repeatFindings(model: unknown, lookUp: LookUp): Finding[] {
  const layers = isRecord(model) && Array.isArray(model["layers"]) ? (model["layers"] as readonly unknown[]) : [];
  return layers.flatMap((entry, i) => {
    const repeat = replaceReferences(valueAtPath(entry, ["repeat"]), lookUp);
    if (repeat === undefined || repeatOf({ repeat }) !== undefined) return [];
    const path = ["model", "layers", i, "repeat"];
    return [{ path, received: repeat, expected: `a whole number from 0 to ${REPEAT_MAX}` }];
  });
}

/** Adds the name of the parameter if the spec has a reference at the finding's path. */
function withReference(finding: Finding, template: CheckedTemplate): Finding {
  const reference = referenceIn(valueAtPath(template, finding.path));
  const { received, expected } = finding;
  const isFraction = typeof received === "number" && !Number.isInteger(received);
  if (reference === undefined || !isFraction || !expected.startsWith("a whole number"))
    return { ...finding, reference };
  return { ...finding, reference, expected: `${expected}; give parameter ${reference} whole values only` };
}
