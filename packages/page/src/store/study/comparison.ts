/** A row of a comparison: a name, and a text for each compared thing. */
export interface ComparedRow {
  readonly name: string;
  readonly texts: readonly string[];
}

/** Returns true if the compared things differ in a row. */
export function differs({ texts }: ComparedRow): boolean {
  return new Set(texts).size > 1;
}

/**
 * Returns the rows of objects: one for each leaf, named by its path, in the order of their first
 * occurrence. A leaf that an object lacks is empty.
 */
export function comparedLeaves(objects: readonly unknown[]): readonly ComparedRow[] {
  const leaves = objects.map((object) => leavesOf(object, ""));
  const names = new Set(leaves.flatMap((of) => [...of.keys()]));
  return [...names].map((name) => ({ name, texts: leaves.map((of) => of.get(name) ?? "") }));
}

function leavesOf(value: unknown, path: string): Map<string, string> {
  if (typeof value !== "object" || value === null) return new Map([[path, String(value)]]);
  const entries = Object.entries(value);
  if (entries.length === 0 || isPlainList(value)) return new Map([[path, JSON.stringify(value)]]);
  return new Map(entries.flatMap(([name, inner]) => [...leavesOf(inner, path === "" ? name : `${path}.${name}`)]));
}

function isPlainList(value: object): boolean {
  return Array.isArray(value) && value.every((item) => typeof item !== "object");
}
