// The check of several objectives and of limits on outcomes.

import { type AimsSpec, aimsOf } from "../../aims/aims.js";
import { FACT_NAMES, isFact } from "../../aims/facts.js";
import { aimsFindings } from "../../aims/findings.js";
import { parseLimit } from "../../aims/limit.js";
import { METRIC_NAMES, type MetricName } from "../../plan/metric.js";
import { nearestName } from "../../validation/nearest-name.js";
import { type Finding, valueAtPath } from "../../validation/problems.js";
import { isProgramStudy, type StudySpec } from "../study-spec.js";
import { isRecord } from "../template/references.js";

/** Fills in `objective` of a spec with several objectives: it is the first one. */
export function withFirstObjective(spec: unknown): unknown {
  if (!isRecord(spec) || spec["objective"] !== undefined) return spec;
  const first = valueAtPath(spec, ["objectives", 0]);
  return first === undefined ? spec : { ...spec, objective: first };
}

/** Finds a list in place of one objective, as KerasTuner has it. */
export function listFindings(spec: Readonly<Record<string, unknown>>): Finding[] {
  const { objective } = spec;
  if (!Array.isArray(objective)) return [];
  return [{ path: ["objective"], received: objective, expected: "one metric; a list is the field objectives" }];
}

/**
 * Finds what a study cannot do with its aims: unknown outcomes, and fields that aims exclude.
 *
 * @param given - the spec as it was read
 */
export function checkAims(spec: StudySpec, given: unknown): Finding[] {
  const { objectives, testFront } = spec;
  const isGiven = isRecord(given) ? given["objective"] : undefined;
  const several = objectives === undefined ? [] : excludedFindings(spec);
  const alone =
    objectives !== undefined || testFront === undefined
      ? []
      : [{ path: ["testFront"], received: testFront, expected: "nothing without objectives" }];
  return [...aimsFindings(spec, isGiven), ...nameFindings(spec), ...several, ...alone];
}

/**
 * Moves a finding about the objective to the first of several, where the spec has those alone. A
 * trial keeps the epoch that is best in the first objective, which an epoch must measure.
 */
export function atFirstObjective(finding: Finding, given: unknown): Finding {
  const [field, ...rest] = finding.path;
  if (field !== "objective" || !isRecord(given) || given["objective"] !== undefined) return finding;
  if (given["objectives"] === undefined) return finding;
  const path = ["objectives", 0, ...rest];
  if (!isFact(String(finding.received))) return { ...finding, path };
  const expected = "a metric of an epoch in the first place, for it decides which epoch a trial keeps";
  return { ...finding, path, expected };
}

/** Finds settings that compare trials by one objective. */
function excludedFindings({ pruner, selection }: StudySpec): Finding[] {
  const isSingle = pruner !== undefined && pruner.type !== "none" && pruner.type !== "threshold";
  const ofPruner = "none or threshold beside objectives, for the others compare trials by one objective";
  return [
    ...(isSingle ? [{ path: ["pruner"], received: pruner.type, expected: ofPruner }] : []),
    ...(selection === undefined
      ? []
      : [{ path: ["selection"], received: selection.rule, expected: "nothing beside objectives; pick has the rule" }]),
  ];
}

/** The names of outcomes that a spec has, with their places. */
function namedOutcomes(spec: AimsSpec): { readonly path: PropertyKey[]; readonly name: string }[] {
  const objectives = (spec.objectives ?? []).map(({ metric }, i) => ({
    path: ["objectives", i, "metric"],
    name: metric,
  }));
  const limits = (spec.limits ?? []).flatMap((limit, i) => {
    const name = parseLimit(limit)?.name;
    return name === undefined ? [] : [{ path: ["limits", i], name }];
  });
  return [...objectives, ...limits];
}

/** Finds outcomes that no trial has. A program may report any metric. */
function nameFindings(spec: StudySpec): Finding[] {
  if (isProgramStudy(spec) || aimsOf(spec) === undefined) return [];
  const known = [...METRIC_NAMES, ...FACT_NAMES];
  return namedOutcomes(spec).flatMap(({ path, name }) => {
    if (known.some((other) => other === name)) return [];
    const nearest = nearestName(name, known);
    const hint = nearest === undefined ? "" : `; did you mean ${nearest}?`;
    return [{ path, received: name, expected: `an outcome of a trial (${known.join(", ")})${hint}` }];
  });
}

/** A metric that a spec names as an outcome, and its place. */
export interface NamedMetric {
  readonly path: PropertyKey[];
  readonly metric: MetricName;
}

/** Returns the metrics of epochs that a spec names as outcomes; the spec may have findings. */
export function namedMetrics(spec: Readonly<Record<string, unknown>>): readonly NamedMetric[] {
  const { objectives, limits } = spec;
  const valid = {
    objectives: Array.isArray(objectives) ? objectives.filter(isRecord) : [],
    limits: Array.isArray(limits) ? limits.filter((limit) => typeof limit === "string") : [],
  };
  return namedOutcomes(valid as unknown as AimsSpec).flatMap(({ path, name }) => {
    const metric = METRIC_NAMES.find((other) => other === name);
    return metric === undefined ? [] : [{ path, metric }];
  });
}

/** Moves a finding about an outcome of a plan to the place that names the outcome in the spec. */
export function atPlaceOfSpec(finding: Finding, named: readonly NamedMetric[]): Finding {
  const [field, index] = finding.path;
  const place = field === "outcomes" ? named[index as number] : undefined;
  return place === undefined ? finding : { ...finding, path: place.path };
}
