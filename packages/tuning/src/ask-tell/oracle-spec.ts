import { z } from "zod";
import { GOALS, type Goal } from "../objective/goal.js";
import { spaceSchema } from "../space/check/parameter-schema.js";
import type { ParameterValues, SearchSpace } from "../space/parameter.js";
import { checkSpace } from "../spec/check/space-check.js";
import { constraintsSchema, enqueueSchema, oracleSchema, seedSchema, warmStartSchema } from "../spec/schema.js";
import type { OracleSettings, WarmObservation } from "../spec/study-spec.js";
import { isRecord } from "../spec/template/references.js";
import { type Failure, toProblems } from "../validation/problems.js";
import { fields, findingsOf, oneOf } from "../validation/schema.js";
import { readYaml } from "../validation/yaml-text.js";

/** The part of a study spec that an oracle depends on. */
export interface OracleSpec {
  readonly parameters: SearchSpace;
  readonly constraints?: readonly string[];
  /** @default minimize */
  readonly objective: { readonly goal: Goal };
  /** @default 0 */
  readonly seed: number;
  /** @default bayesian */
  readonly oracle: OracleSettings;
  readonly enqueue?: readonly ParameterValues[];
  readonly warmStart?: readonly WarmObservation[];
}

/** Accepts the fields of a study spec that no oracle reads. */
const ignored = z.unknown().optional();

const oracleSpecSchema = fields({
  parameters: spaceSchema,
  constraints: constraintsSchema,
  objective: fields({ goal: oneOf(GOALS), metric: ignored }).default({ goal: "minimize" }),
  seed: seedSchema,
  oracle: oracleSchema,
  enqueue: enqueueSchema,
  warmStart: warmStartSchema,
  name: ignored,
  description: ignored,
  dataset: ignored,
  budget: ignored,
  selection: ignored,
  model: ignored,
  training: ignored,
  published: ignored,
});

/**
 * Reads the oracle's part of a study spec from YAML or JSON text. All other parts may be missing.
 */
export function parseOracleSpec(text: string): { readonly ok: true; readonly spec: OracleSpec } | Failure {
  const read = readYaml(text);
  if (!read.ok) return read;
  const result = oracleSpecSchema.safeParse(read.value);
  const findings = [
    ...(result.success ? [] : findingsOf(result.error, read.value)),
    ...(isRecord(read.value) ? checkSpace(read.value) : []),
  ];
  if (result.success && findings.length === 0) return { ok: true, spec: result.data as OracleSpec };
  return { ok: false, problems: toProblems(findings) };
}
