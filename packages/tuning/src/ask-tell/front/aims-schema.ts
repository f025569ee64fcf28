// The fields of a spec with several objectives or with limits on outcomes:
//
//   objectives: [{ metric: loss, goal: minimize }, { metric: latency, goal: minimize }]
//   limits: ["parameters <= 200000"]
//   pick: knee, or { weights: { loss: 2, latency: 1 } }

import { z } from "zod";
import { GOALS, type Goal } from "../../objective/goal.js";
import type { Aims, OutcomeLimit } from "../../objective/outcomes.js";
import type { OracleSettings, WarmObservation } from "../../spec/study-spec.js";
import type { Finding } from "../../validation/problems.js";
import { fields, list, mapping, oneOf, real, text } from "../../validation/schema.js";

/** The rule by which one trial of the front is picked; weights are by name of the objective. */
export type FrontPick = "knee" | { readonly weights: Readonly<Record<string, number>> };

const OBJECTIVES_MAX = 4;
const LIMITS_MAX = 16;
/** Name of a single objective without a metric. */
const UNNAMED = "value";

const NAME_TEXT = "a name of at most 100 letters, digits and the characters _ . / : @ - that starts with a letter";
const NAME = /^\p{L}[\p{L}\p{N}_./:@-]{0,99}$/u;
const LIMIT = /^\s*(\p{L}[\p{L}\p{N}_./:@-]{0,99})\s*(<=|>=)\s*([+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?)\s*$/u;
const LIMIT_TEXT = "a text such as val_loss <= 0.1: the name of an outcome, <= or >=, and a number";

const limitSchema = z.string(LIMIT_TEXT).refine((limit) => parseLimit(limit) !== undefined, { error: LIMIT_TEXT });

/** The schemas of the fields. All of them may be absent. */
export const aimsFields = {
  objectives: list(fields({ metric: text(NAME_TEXT, NAME), goal: oneOf(GOALS).default("minimize") }), "objectives", [
    2,
    OBJECTIVES_MAX,
  ]).optional(),
  limits: list(limitSchema, "limits", [0, LIMITS_MAX]).optional(),
  pick: z
    .union(
      [
        z.literal("knee"),
        fields({ weights: mapping(z.string(), real({ above: 0 }), "a mapping from objectives to numbers above 0") }),
      ],
      'knee, or weights above 0 such as {"weights": {"loss": 2, "latency": 1}}',
    )
    .optional(),
};

/** The fields of a spec that state its aims, and the fields that several objectives exclude. */
export interface AimsSpec {
  readonly objective?: { readonly goal: Goal; readonly metric?: unknown } | undefined;
  readonly objectives?: readonly { readonly metric: string; readonly goal: Goal }[] | undefined;
  readonly limits?: readonly string[] | undefined;
  readonly pick?: FrontPick | undefined;
  readonly oracle: OracleSettings;
  readonly warmStart?: readonly WarmObservation[] | undefined;
}

/** Returns the aims of a spec; undefined for one objective without limits. */
export function aimsOf({ objective, objectives, limits = [] }: AimsSpec): Aims | undefined {
  if (objectives === undefined && limits.length === 0) return undefined;
  const metric = objective?.metric;
  const single = { name: typeof metric === "string" ? metric : UNNAMED, goal: objective?.goal ?? "minimize" };
  return {
    objectives: objectives?.map(({ metric: name, goal }) => ({ name, goal })) ?? [single],
    limits: limits.flatMap((limit) => parseLimit(limit) ?? []),
  };
}

/**
 * Finds contradictions between the fields.
 *
 * @param isGiven - true if the spec's text has the field `objective`
 */
export function aimsFindings(spec: AimsSpec, isGiven: boolean): Finding[] {
  const aims = aimsOf(spec);
  if (aims === undefined) return spec.pick === undefined ? [] : [onlyWithSeveral(spec.pick)];
  const { objectives, oracle, warmStart, pick } = spec;
  const names = aims.objectives.map(({ name }) => name);
  const twice = names.findIndex((name, i) => names.indexOf(name) < i);
  return [
    ...(objectives !== undefined && isGiven
      ? [{ path: ["objective"], received: spec.objective, expected: "nothing beside objectives" }]
      : []),
    ...(twice < 0 ? [] : [{ path: ["objectives", twice, "metric"], received: names[twice], expected: "another name" }]),
    ...oracleFindings(aims, oracle),
    ...((warmStart ?? []).length === 0
      ? []
      : [{ path: ["warmStart"], received: warmStart, expected: 'nothing: tell earlier results as "values" instead' }]),
    ...(objectives === undefined && pick !== undefined ? [onlyWithSeveral(pick)] : []),
    ...(objectives === undefined || pick === undefined ? [] : weightFindings(names, pick)),
  ];
}

/** Finds an oracle that knows one objective only. */
export function oracleFindings(aims: Aims | undefined, { type }: OracleSettings): Finding[] {
  if (aims === undefined || type !== "keras-tuner") return [];
  return [
    { path: ["oracle"], received: type, expected: "another oracle: keras-tuner knows one objective and no limits" },
  ];
}

function onlyWithSeveral(received: FrontPick): Finding {
  return { path: ["pick"], received, expected: "nothing without objectives" };
}

function weightFindings(names: readonly string[], pick: FrontPick): Finding[] {
  if (pick === "knee") return [];
  const given = Object.keys(pick.weights);
  if (given.length === names.length && names.every((name) => given.includes(name))) return [];
  return [{ path: ["pick", "weights"], received: pick.weights, expected: `a weight for each of ${names.join(", ")}` }];
}

function parseLimit(limit: string): OutcomeLimit | undefined {
  const match = LIMIT.exec(limit);
  const bound = Number(match?.[3]);
  if (match === null || !Number.isFinite(bound)) return undefined;
  return { text: limit.trim(), name: match[1] as string, comparison: match[2] as "<=" | ">=", bound };
}
