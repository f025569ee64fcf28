import { createRandom } from "../../random/random.js";
import { parameterSchema } from "../../space/check/parameter-schema.js";
import { checkPartialValues, completePoint } from "../../space/check/partial-values.js";
import { conditionFindings, type DeclaredSpace, spaceFindings } from "../../space/check/space.js";
import { constraintsOf } from "../../space/constraint/parse.js";
import type { Parameter, SearchSpace } from "../../space/parameter.js";
import type { Finding } from "../../validation/problems.js";
import { isRecord } from "../template/references.js";

/**
 * Checks conditions, constraints and enqueued values of a spec that may have findings elsewhere.
 */
export function checkSpace(spec: Readonly<Record<string, unknown>>): Finding[] {
  const declared = spec["parameters"];
  if (!isRecord(declared)) return [];
  const constraints = Array.isArray(spec["constraints"]) ? spec["constraints"] : [];
  const space = { space: wellFormed(declared), names: Object.keys(declared), constraints: constraints.map(textOf) };
  const findings = spaceFindings(space);
  return findings.length > 0 ? findings : enqueueFindings(space, spec["enqueue"]);
}

/** Finds enqueued values outside the space or its constraints. */
function enqueueFindings({ space, names, constraints }: DeclaredSpace, enqueue: unknown): Finding[] {
  const isWhole = Object.keys(space).length === names.length;
  if (!Array.isArray(enqueue) || !isWhole) return [];
  const parsed = constraintsOf(constraints);
  return enqueue.flatMap((values: unknown, i): Finding[] => {
    if (!isRecord(values)) return [];
    const checked = checkPartialValues(space, values);
    if (!checked.ok) return checked.findings.map(({ path, ...rest }) => ({ ...rest, path: ["enqueue", i, ...path] }));
    // The seed decides only which values complete the point.
    if (completePoint({ space, constraints: parsed }, checked.values, createRandom(0)) !== undefined) return [];
    return [{ path: ["enqueue", i], received: values, expected: "values that fulfil the constraints" }];
  });
}

function textOf(constraint: unknown): string {
  return typeof constraint === "string" ? constraint : "";
}

/** Returns the parameters of a spec that are valid, and whose conditions are valid. */
export function validParameters(declared: Readonly<Record<string, unknown>>): SearchSpace {
  const space = wellFormed(declared);
  const wrong = new Set(conditionFindings({ space, names: Object.keys(declared) }).map(({ path }) => path[1]));
  return Object.fromEntries(Object.entries(space).filter(([name]) => !wrong.has(name)));
}

function wellFormed(declared: Readonly<Record<string, unknown>>): SearchSpace {
  const parsed = Object.entries(declared).map(([name, value]) => [name, parameterSchema.safeParse(value)] as const);
  return Object.fromEntries(
    parsed.flatMap(([name, result]): [string, Parameter][] => (result.success ? [[name, result.data]] : [])),
  );
}
