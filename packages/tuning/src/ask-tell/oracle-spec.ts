import { z } from "zod";
import { type AimsSpec, aimsOf, type FrontPick } from "../aims/aims.js";
import { aimsFindings, type CheckedAims } from "../aims/findings.js";
import { aimsFields } from "../aims/schema.js";
import { GOALS, type Goal } from "../objective/goal.js";
import type { Aims, NamedObjective } from "../objective/outcomes.js";
import { prunerSchema } from "../pruner/contract/schema.js";
import type { PrunerSettings } from "../pruner/contract/settings.js";
import { spaceSchema } from "../space/check/parameter-schema.js";
import type { ParameterValues, SearchSpace } from "../space/parameter.js";
import { fidelityFindings, withFidelity } from "../spec/check/defaults/fidelity.js";
import { checkSpace } from "../spec/check/space-check.js";
import { constraintsSchema, enqueueSchema, oracleSchema, seedSchema, warmStartSchema } from "../spec/schema.js";
import type { OracleSettings, WarmObservation } from "../spec/study-spec.js";
import { isRecord } from "../spec/template/references.js";
import { type Failure, type Finding, toProblems } from "../validation/problems.js";
import { fields, findingsOf, oneOf } from "../validation/schema.js";
import { readYaml } from "../validation/yaml-text.js";
import { prunerFindings } from "./reports/pruner-findings.js";

/** The part of a study spec that an oracle depends on. */
export interface OracleSpec {
  readonly parameters: SearchSpace;
  readonly constraints?: readonly string[];
  /** The goal is `minimize` by default; the metric is a name for texts. */
  readonly objective: { readonly goal: Goal; readonly metric?: unknown };
  /** @default 0 */
  readonly seed: number;
  /** @default bayesian */
  readonly oracle: OracleSettings;
  readonly enqueue?: readonly ParameterValues[];
  readonly warmStart?: readonly WarmObservation[];
  /** Several objectives or limits on outcomes. @default one objective without limits */
  readonly aims?: Aims;
  /** The rule that picks one trial of the front. @default knee */
  readonly pick?: FrontPick;
  /** Answers reported epochs. @default every trial goes on */
  readonly pruner?: PrunerSettings;
  /** Its `maxEpochs` is the number of epochs of a trial, or a reference to a parameter. */
  readonly training?: unknown;
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
  ...aimsFields,
  name: ignored,
  description: ignored,
  dataset: ignored,
  budget: ignored,
  pruner: prunerSchema.optional(),
  selection: ignored,
  testFront: ignored,
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
  const value = withFidelity(read.value);
  const result = oracleSpecSchema.safeParse(value);
  const findings = [
    ...(result.success
      ? specFindings(result.data as SpecData, objectiveIn(read.value))
      : findingsOf(result.error, read.value)),
    ...(isRecord(value) ? [...checkSpace(value), ...fidelityFindings(value)] : []),
  ];
  if (result.success && findings.length === 0) return { ok: true, spec: withAims(result.data as SpecData) };
  return { ok: false, problems: toProblems(findings) };
}

type SpecData = Omit<OracleSpec, "aims"> & Pick<AimsSpec, "objectives" | "limits">;

function specFindings(spec: SpecData, given: unknown): Finding[] {
  return [...aimsFindings(spec as CheckedAims, given), ...prunerFindings(spec)];
}

function objectiveIn(value: unknown): unknown {
  return isRecord(value) ? value["objective"] : undefined;
}

function withAims({ objectives, limits, ...spec }: SpecData): OracleSpec {
  const aims = aimsOf({ ...spec, objectives, limits });
  if (aims === undefined) return spec;
  const { goal, name: metric } = aims.objectives[0] as NamedObjective;
  return { ...spec, aims, objective: { goal, metric } };
}
