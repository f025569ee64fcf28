// The check of the conditions (`when`) of layers and callbacks.

import { parentFindings } from "../../space/check/space.js";
import type { SearchSpace } from "../../space/parameter.js";
import { nearestName } from "../../validation/nearest-name.js";
import { type Finding, valueAtPath } from "../../validation/problems.js";
import { entryConditions, type Template } from "../template/entries.js";

const LISTS = [
  ["model", "layers"],
  ["training", "callbacks"],
] as const;

/** Returns the names of all parameters on which entries depend. */
export function entryParents(template: Template): readonly string[] {
  return entriesWithPaths(template).flatMap(({ entry }) => (entryConditions(entry) ?? []).map(([parent]) => parent));
}

/**
 * Finds conditions of entries with an unknown parameter, with a value that the parameter does not
 * have, or of another form.
 *
 * @param space - the valid parameters
 * @param names - names of all parameters, valid or not
 */
export function entryFindings(template: Template, space: SearchSpace, names: readonly string[]): Finding[] {
  return entriesWithPaths(template).flatMap(({ entry, path }) => {
    const at = [...path, "when"];
    const conditions = entryConditions(entry);
    if (conditions === undefined) {
      return [
        { path: at, received: valueAtPath(entry, ["when"]), expected: "a mapping from parameters to their values" },
      ];
    }
    return conditions.flatMap(([parent, allowed]): Finding[] => {
      if (!names.includes(parent)) return [unknownParent(parent, names, [...at, parent])];
      if (allowed.length === 0) return [{ path: [...at, parent], received: allowed, expected: "at least one value" }];
      const parameter = Object.hasOwn(space, parent) ? space[parent] : undefined;
      return parameter === undefined ? [] : parentFindings(parameter, allowed, [...at, parent]);
    });
  });
}

function entriesWithPaths(template: Template) {
  return LISTS.flatMap((list) => {
    const entries = valueAtPath(template, list);
    return Array.isArray(entries) ? entries.map((entry: unknown, i) => ({ entry, path: [...list, i] })) : [];
  });
}

function unknownParent(name: string, names: readonly string[], path: Finding["path"]): Finding {
  const nearest = nearestName(name, names);
  const hint = nearest === undefined ? "" : `; did you mean ${nearest}?`;
  return { path, received: name, expected: `a parameter of this study (${names.join(", ")})${hint}` };
}
