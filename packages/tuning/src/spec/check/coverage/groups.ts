// Groups of parameters that a plan's rules combine: the parameters of one layer, of one callback,
// of the optimizer, and so on, and those on which the rules between the parts depend. The rules
// between parts are in plan/rules.ts and plan/schema.

import { conditionsOf } from "../../../space/conditions.js";
import type { Parameter, SearchSpace } from "../../../space/parameter.js";
import { valueAtPath } from "../../../validation/problems.js";
import { entryConditions, type Template } from "../../template/entries.js";
import { findReferences, isRecord } from "../../template/references.js";
import { entriesOf } from "./representatives.js";

/**
 * Returns the groups of a space's parameters, each with the parents of its parameters. Every
 * parameter that the template refers to is in a group.
 */
export function parameterGroups(space: SearchSpace, template: Template): readonly (readonly string[])[] {
  const parts = [...partsOf(template.model, "layers"), ...partsOf(template.training, "callbacks")];
  const groups = [...parts.map(namesIn), structureNames(template)].map((names) => withParents(space, names));
  const distinct = new Map(groups.map((names) => [names.join(), names]));
  return [...distinct.values()];
}

/** Returns the entries of a part's list and its other fields. */
function partsOf(part: unknown, list: string): readonly unknown[] {
  if (!isRecord(part)) return [part];
  return Object.entries(part).flatMap(([key, value]) => (key === list && Array.isArray(value) ? value : [value]));
}

function namesIn(part: unknown): readonly string[] {
  const parents = (entryConditions(part) ?? []).map(([parent]) => parent);
  return [...findReferences(part, []).map(({ name }) => name), ...parents];
}

/**
 * Returns the names on which the rules between parts depend: how many layers there are, which is
 * the last one and whether it fits the data, the loss and the metrics, and whether callbacks fit
 * the learning rate.
 */
function structureNames(template: Template): readonly string[] {
  const layers = valueAtPath(template, ["model", "layers"]);
  const entries = Array.isArray(layers) ? (layers as readonly unknown[]) : [];
  const forms = entriesOf(template).flatMap((entry) => [
    ...(entryConditions(entry) ?? []).map(([parent]) => parent),
    ...namesIn(valueAtPath(entry, ["type"])),
    ...namesIn(valueAtPath(entry, ["repeat"])),
    ...namesIn(valueAtPath(entry, ["monitor"])),
  ]);
  const last = entries
    .slice(lastCertain(entries))
    .flatMap((entry) => [...namesIn(valueAtPath(entry, ["units"])), ...namesIn(valueAtPath(entry, ["activation"]))]);
  const training = [["loss"], ["optimizer", "learningRate", "type"]].flatMap((path) =>
    namesIn(valueAtPath(template, ["training", ...path])),
  );
  return [...forms, ...last, ...training];
}

/** Returns the index of the last layer entry that stands in every plan. */
function lastCertain(entries: readonly unknown[]): number {
  const index = entries.findLastIndex((entry) => {
    const repeat = valueAtPath(entry, ["repeat"]) ?? 1;
    return (entryConditions(entry) ?? []).length === 0 && typeof repeat === "number" && repeat >= 1;
  });
  return Math.max(0, index);
}

/** Returns names with all their ancestors, in the space's order. */
function withParents(space: SearchSpace, names: readonly string[]): readonly string[] {
  const found = new Set<string>();
  const add = (name: string) => {
    if (!Object.hasOwn(space, name) || found.has(name)) return;
    found.add(name);
    for (const [parent] of conditionsOf(space[name] as Parameter)) add(parent);
  };
  for (const name of names) add(name);
  return Object.keys(space).filter((name) => found.has(name));
}
