// Checks across the parameters of a space: conditions and constraints.

import { nearestName } from "../../validation/nearest-name.js";
import type { Finding } from "../../validation/problems.js";
import { conditionsOf } from "../conditions.js";
import { canHold, narrowedRanges, rangeOf, rangesOf } from "../constraint/bounds.js";
import { hasNoLatticePoint } from "../constraint/lattice.js";
import { constraintsOf, parseConstraint } from "../constraint/parse.js";
import type { Region } from "../constraint/region.js";
import { cardinality } from "../discrete.js";
import type { Parameter, SearchSpace } from "../parameter.js";
import { everyValue, pointsOf, spaceSize } from "../sampling/enumeration.js";
import { expectedValue, ownValue } from "./values.js";

/** A space as a spec states it. Single parameters may be invalid. */
export interface DeclaredSpace {
  /** The valid parameters. */
  readonly space: SearchSpace;
  /** Names of all parameters, valid or not. */
  readonly names: readonly string[];
  /** Texts of the constraints. */
  readonly constraints: readonly string[];
}

/**
 * Lists problems of conditions, at paths below `parameters`, and of constraints, below
 * `constraints`.
 */
export function spaceFindings(declared: DeclaredSpace): Finding[] {
  const conditions = conditionFindings(declared);
  const constraints = declared.constraints.flatMap((text, i) => constraintFindings(declared, text, i));
  const isWhole = Object.keys(declared.space).length === declared.names.length;
  if (conditions.length + constraints.length > 0 || !isWhole) return [...conditions, ...constraints];
  return feasibilityFindings(declared);
}

/** Work of the search for a point that fulfils the constraints; about a tenth of a second. */
const SEARCH_WORK_MAX = 500_000;

/** Lists problems of conditions, at paths below `parameters`. */
export function conditionFindings({ space, names }: Omit<DeclaredSpace, "constraints">): Finding[] {
  const findings = Object.entries(space).flatMap(([name, parameter]) =>
    conditionsOf(parameter).flatMap(([parent, values]) => {
      const path = ["parameters", name, "when", parent];
      if (!names.includes(parent)) return [{ path, received: values, expected: knownName(parent, names) }];
      const declared = Object.hasOwn(space, parent) ? space[parent] : undefined;
      return declared === undefined ? [] : parentFindings(declared, values, path);
    }),
  );
  return findings.length > 0 ? findings : cycleFindings(space);
}

/** Lists problems of the values that a condition allows a parent. */
export function parentFindings(parent: Parameter, values: readonly unknown[], path: Finding["path"]): Finding[] {
  if (!Number.isFinite(cardinality(parent))) {
    return [{ path, received: values, expected: "a parent with a list of values or with steps" }];
  }
  const wrong = values.findIndex((value) => ownValue(parent, value) !== value);
  return wrong < 0 ? [] : [{ path: [...path, wrong], received: values[wrong], expected: expectedValue(parent) }];
}

/** Reports the first cycle of conditions, at one of its parameters. */
function cycleFindings(space: SearchSpace): Finding[] {
  const settled = new Set<string>();
  for (const name of Object.keys(space)) {
    const cycle = cycleFrom(space, name, { settled, trail: [] });
    if (cycle === undefined) continue;
    const expected = `conditions that do not lead back to the parameter (${cycle.join(" needs ")})`;
    return [{ path: ["parameters", cycle[0] as string, "when"], received: space[cycle[0] as string]?.when, expected }];
  }
  return [];
}

interface Search {
  readonly settled: Set<string>;
  readonly trail: readonly string[];
}

function cycleFrom(space: SearchSpace, name: string, { settled, trail }: Search): readonly string[] | undefined {
  if (trail.includes(name)) return [...trail.slice(trail.indexOf(name)), name];
  if (settled.has(name) || !Object.hasOwn(space, name)) return undefined;
  for (const [parent] of conditionsOf(space[name] as Parameter)) {
    const cycle = cycleFrom(space, parent, { settled, trail: [...trail, name] });
    if (cycle !== undefined) return cycle;
  }
  settled.add(name);
  return undefined;
}

function constraintFindings({ space, names }: DeclaredSpace, text: string, i: number): Finding[] {
  const path = ["constraints", i];
  const result = parseConstraint(text);
  if (!result.ok) return [{ path, received: text, expected: result.expected }];
  const used = [...new Set(result.constraints.flatMap(({ terms }) => Object.keys(terms)))];
  const unknown = used.filter((name) => !names.includes(name));
  if (unknown.length > 0) return unknown.map((name) => ({ path, received: name, expected: knownName(name, names) }));
  const wrong = used.filter((name) => Object.hasOwn(space, name) && rangeOf(space[name] as Parameter) === undefined);
  if (wrong.length > 0) return wrong.map((name) => ({ path, received: name, expected: "a numeric parameter" }));
  if (!used.every((name) => Object.hasOwn(space, name))) return [];
  const choice = { region: { space }, values: {}, open: rangesOf(space) };
  const isPossible = result.constraints.every((constraint) => canHold(constraint, choice));
  return isPossible ? [] : [{ path, received: text, expected: "a constraint that some values of the space fulfil" }];
}

function feasibilityFindings({ space, constraints: texts }: DeclaredSpace): Finding[] {
  if (texts.length === 0) return [];
  const region = { space, constraints: constraintsOf(texts) };
  const isEmpty = narrowedRanges(region) === undefined || hasNoPoint(region);
  return isEmpty ? [{ path: ["constraints"], received: texts, expected: "constraints that some values fulfil" }] : [];
}

/** Returns true if an enumeration proves that the region has no point. */
function hasNoPoint(region: Region): boolean {
  if (hasNoLatticePoint(region)) return true;
  if (!Number.isFinite(spaceSize(region.space))) return false;
  const budget = { left: SEARCH_WORK_MAX };
  const isFound = pointsOf(region, everyValue(region.space), budget).next().done === false;
  return !isFound && budget.left >= 0;
}

function knownName(name: string, names: readonly string[]): string {
  const nearest = nearestName(name, names);
  const known = names.length === 0 ? "there are none" : names.join(", ");
  return `a parameter of this space (${known})${nearest === undefined ? "" : `; did you mean ${nearest}?`}`;
}
