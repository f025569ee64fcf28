import { type Failure, type Finding, toProblems } from "../../validation/problems.js";
import { findingsOf } from "../../validation/schema.js";
import { readYaml } from "../../validation/yaml-text.js";
import { studySpecSchema } from "../schema.js";
import type { StudySpec } from "../study-spec.js";
import { isRecord } from "../template/references.js";
import { atFirstObjective, checkAims, listFindings, withFirstObjective } from "./aims-check.js";
import { fidelityFindings, withFidelity } from "./defaults/fidelity.js";
import { foldFindings, withFoldExecutions } from "./defaults/fold-executions.js";
import { improvementFindings, withTrialLimit } from "./defaults/trial-limit.js";
import { checkPlans } from "./plan-check.js";
import { checkProgram } from "./program-check.js";
import { checkSpace } from "./space-check.js";

/** An accepted spec, or every problem at once. */
export type SpecResult = { readonly ok: true; readonly spec: StudySpec } | Failure;

/**
 * Reads a study spec from YAML 1.2 or JSON text of at most 256 KiB.
 *
 * @returns the spec with its defaults filled in, or every problem that it has; no text throws
 */
export function parseStudySpec(text: string): SpecResult {
  const read = readYaml(text);
  return read.ok ? checkStudySpec(read.value) : read;
}

/** As `parseStudySpec`, for plain values as JSON.parse gives them. */
export function checkStudySpec(given: unknown): SpecResult {
  const value = withFidelity(withFirstObjective(withTrialLimit(withFoldExecutions(given))));
  const result = studySpecSchema(value).safeParse(value);
  const findings = [
    ...(result.success ? [] : findingsOf(result.error, value)),
    ...(isRecord(value)
      ? [checkSpace, checkWork, foldFindings, improvementFindings, listFindings, fidelityFindings].flatMap((check) =>
          check(value),
        )
      : []),
    ...(result.success ? checkAims(result.data, given) : []),
  ];
  if (result.success && findings.length === 0) return { ok: true, spec: result.data };
  return { ok: false, problems: toProblems(findings.map((finding) => atFirstObjective(finding, given))) };
}

/** Checks what the trials of a spec train. */
function checkWork(spec: Readonly<Record<string, unknown>>): Finding[] {
  return Object.hasOwn(spec, "program") ? checkProgram(spec) : checkPlans(spec);
}
