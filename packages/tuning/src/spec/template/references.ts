// References to parameters: a string "$name" anywhere in `model` or `training` stands for the
// parameter's value.

import type { Path } from "../../validation/problems.js";

/** A reference to a parameter and its path. */
export interface Reference {
  readonly path: Path;
  readonly name: string;
}

/**
 * Returns every reference in a template, in order of appearance. Conditions (`when`) have none:
 * they name parameters as keys.
 */
export function findReferences(template: unknown, path: Path): Reference[] {
  const name = referenceIn(template);
  if (name !== undefined) return [{ path, name }];
  if (Array.isArray(template)) return template.flatMap((item, i) => findReferences(item, [...path, i]));
  if (!isRecord(template)) return [];
  const fields = Object.entries(template).filter(([key]) => key !== "when");
  return fields.flatMap(([key, value]) => findReferences(value, [...path, key]));
}

/**
 * Returns a copy of a template with every reference replaced. Drops fields whose parameter has no
 * value.
 */
export function replaceReferences(template: unknown, lookUp: (name: string) => unknown): unknown {
  const name = referenceIn(template);
  if (name !== undefined) return lookUp(name);
  if (Array.isArray(template)) return template.map((item) => replaceReferences(item, lookUp));
  if (!isRecord(template)) return template;
  const entries = Object.entries(template).map(([key, value]) => [key, replaceReferences(value, lookUp)] as const);
  return Object.fromEntries(entries.filter(([, value]) => value !== undefined));
}

/**
 * Returns the name of the parameter that a value refers to; undefined if the value is not a
 * reference.
 */
export function referenceIn(value: unknown): string | undefined {
  return typeof value === "string" && value.startsWith("$") ? value.slice(1) : undefined;
}

/** Returns true if a value is a mapping. */
export function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
