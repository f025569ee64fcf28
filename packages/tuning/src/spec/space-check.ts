import type { Parameter, SearchSpace } from "../space/parameter.js";
import { parameterSchema } from "../space/parameter-schema.js";
import { conditionFindings, spaceFindings } from "../space/space-check.js";
import type { Finding } from "./problems.js";
import { isRecord } from "./references.js";

/** Checks what the parameters of a spec demand of each other; the spec may have problems elsewhere. */
export function checkSpace(spec: Readonly<Record<string, unknown>>): Finding[] {
  const declared = spec["parameters"];
  if (!isRecord(declared)) return [];
  const constraints = Array.isArray(spec["constraints"]) ? spec["constraints"] : [];
  return spaceFindings({
    space: wellFormed(declared),
    names: Object.keys(declared),
    constraints: constraints.map((text) => (typeof text === "string" ? text : "")),
  });
}

/** The valid ones among the parameters of a spec: right by themselves and in their conditions. */
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
