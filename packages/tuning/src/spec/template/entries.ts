// The lists of a template, `model.layers` and `training.callbacks`. An entry may have keys that
// decide how often the entry stands in the plan: `when` (a condition on parameters) and, in
// layers, `repeat`.

import { isRecord, replaceReferences } from "./references.js";

/** Upper limit of `repeat` of a layer entry. */
export const REPEAT_MAX = 8;

/** Returns the value of a parameter; undefined if the parameter is inactive. */
export type LookUp = (name: string) => unknown;

/** A spec's `model` and `training`, with references. */
export interface Template {
  readonly model: unknown;
  readonly training: unknown;
}

/** A template at one point, as plain values for the schema of plans. */
export interface ResolvedTemplate extends Template {
  /** For each layer of the model, the index of its entry in the template. */
  readonly layerEntries: readonly number[];
  /** For each callback, the index of its entry in the template. */
  readonly callbackEntries: readonly number[];
}

/**
 * Replaces references, leaves out entries whose condition does not hold, and writes repeated layers
 * out. Leaves anything unexpected to the schema of plans.
 */
export function resolveTemplate({ model, training }: Template, lookUp: LookUp): ResolvedTemplate {
  const layers = expandedList(model, "layers", lookUp);
  const callbacks = expandedList(training, "callbacks", lookUp);
  return {
    model: layers.resolved,
    training: callbacks.resolved,
    layerEntries: layers.entries,
    callbackEntries: callbacks.entries,
  };
}

/** Returns the number of copies of a resolved layer entry; undefined if `repeat` is invalid. */
export function repeatOf(layer: unknown): number | undefined {
  if (!isRecord(layer) || !Object.hasOwn(layer, "repeat")) return 1;
  const repeat = layer["repeat"];
  return Number.isInteger(repeat) && (repeat as number) >= 0 && (repeat as number) <= REPEAT_MAX
    ? (repeat as number)
    : undefined;
}

/**
 * Returns the conditions of an entry: each parent's name with its allowed values; undefined if
 * `when` is no mapping.
 */
export function entryConditions(entry: unknown): readonly [parent: string, allowed: readonly unknown[]][] | undefined {
  if (!isRecord(entry) || !Object.hasOwn(entry, "when")) return [];
  const { when } = entry;
  if (!isRecord(when)) return undefined;
  return Object.entries(when).map(([parent, allowed]) => [parent, Array.isArray(allowed) ? allowed : [allowed]]);
}

function expandedList(template: unknown, key: "layers" | "callbacks", lookUp: LookUp) {
  if (!isRecord(template) || !Array.isArray(template[key])) {
    return { resolved: replaceReferences(template, lookUp), entries: [] };
  }
  const { [key]: list, ...rest } = template;
  const items = (list as readonly unknown[]).flatMap((entry, i) => {
    if (!isPresent(entry, lookUp)) return [];
    const item = replaceReferences(without(entry, "when"), lookUp);
    if (key === "callbacks") return [{ item, entry: i }];
    return Array.from({ length: repeatOf(item) ?? 1 }, () => ({ item: without(item, "repeat"), entry: i }));
  });
  const resolved = { ...(replaceReferences(rest, lookUp) as object), [key]: items.map(({ item }) => item) };
  return { resolved, entries: items.map(({ entry }) => entry) };
}

function isPresent(entry: unknown, lookUp: LookUp): boolean {
  const conditions = entryConditions(entry) ?? [];
  return conditions.every(([parent, allowed]) => {
    const value = lookUp(parent);
    return value !== undefined && allowed.includes(value);
  });
}

function without(entry: unknown, key: string): unknown {
  if (!isRecord(entry)) return entry;
  const { [key]: _, ...rest } = entry;
  return rest;
}
