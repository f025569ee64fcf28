// Contradictions between the fields that state the aims of a spec.

import type { Aims } from "../objective/outcomes.js";
import type { Finding } from "../validation/problems.js";
import { type AimsSpec, aimsOf, type FrontPick } from "./aims.js";

/** A spec with aims, and with the fields that aims exclude. */
export interface CheckedAims extends AimsSpec {
  readonly oracle: { readonly type: string; readonly fidelity?: unknown };
  readonly warmStart?: readonly unknown[] | undefined;
}

/**
 * Finds contradictions between the fields.
 *
 * @param given - the field `objective` of the spec's text; undefined if it has none. It may repeat
 * the first objective
 */
export function aimsFindings(spec: CheckedAims, given: unknown): Finding[] {
  const aims = aimsOf(spec);
  if (aims === undefined) return spec.pick === undefined ? [] : [onlyWithSeveral(spec.pick)];
  const { objectives, oracle, warmStart, pick } = spec;
  const names = aims.objectives.map(({ name }) => name);
  const twice = names.findIndex((name, i) => names.indexOf(name) < i);
  return [
    ...(objectives === undefined || given === undefined || isSame(given, objectives[0])
      ? []
      : [{ path: ["objective"], received: given, expected: "nothing beside objectives" }]),
    ...(twice < 0 ? [] : [{ path: ["objectives", twice, "metric"], received: names[twice], expected: "another name" }]),
    ...oracleFindings(aims, oracle),
    ...((warmStart ?? []).length === 0
      ? []
      : [{ path: ["warmStart"], received: warmStart, expected: WITHOUT_WARM_START }]),
    ...(objectives === undefined && pick !== undefined ? [onlyWithSeveral(pick)] : []),
    ...(objectives === undefined || pick === undefined ? [] : weightFindings(names, pick)),
  ];
}

const WITHOUT_WARM_START =
  'nothing beside objectives or limits, for its results have one objective; a dialogue tells results as "values"';

function isSame(given: unknown, first: object | undefined): boolean {
  const keyOf = (value: unknown) => JSON.stringify(Object.entries(value ?? {}).sort());
  return keyOf(given) === keyOf(first);
}

/** Finds an oracle that knows one objective only, and a setting that one objective needs. */
export function oracleFindings(aims: Aims | undefined, { type, fidelity }: CheckedAims["oracle"]): Finding[] {
  if (aims === undefined) return [];
  const other = "another oracle: keras-tuner knows one objective and no limits";
  const none = "nothing beside objectives or limits, which only the end of a training gives";
  return [
    ...(type === "keras-tuner" ? [{ path: ["oracle"], received: type, expected: other }] : []),
    ...(fidelity === undefined || fidelity === "none"
      ? []
      : [{ path: ["oracle", "fidelity"], received: fidelity, expected: none }]),
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
