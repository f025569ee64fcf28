import type { Manifest } from "./manifests.js";

/** A class of kubernetes-models. */
interface Model {
  readonly prototype: { validate(this: unknown): void };
}

/**
 * Returns every violation of a manifest's Kubernetes schema: wrong types, missing fields and
 * unknown fields.
 */
export async function schemaProblems(manifest: Manifest): Promise<readonly string[]> {
  const { apiVersion, kind } = manifest;
  const module = (await import(`kubernetes-models/${apiVersion}/${kind}`)) as Record<string, Model>;
  const model = module[kind];
  if (model === undefined) return [`${apiVersion} has no ${kind}`];
  const unread = new Set<string>();
  const watched = watch(manifest, "", unread);
  try {
    model.prototype.validate.call(watched);
  } catch (error) {
    return [(error as Error).message];
  }
  return [...unread].map((path) => `${path} is no field of ${kind}`);
}

/** Finds unknown fields. The validator does not report them, but it never reads them either. */
function watch<T>(value: T, path: string, unread: Set<string>): T {
  if (typeof value !== "object" || value === null) return value;
  const entries = Object.entries(value).map(([key, inner]) => {
    unread.add(`${path}/${key}`);
    return [key, watch(inner, `${path}/${key}`, unread)];
  });
  const copy: object = Array.isArray(value) ? entries.map(([, inner]) => inner) : Object.fromEntries(entries);
  const get = (target: object, key: string | symbol): unknown => {
    unread.delete(`${path}/${String(key)}`);
    return Reflect.get(target, key);
  };
  return new Proxy(copy, { get }) as T;
}
