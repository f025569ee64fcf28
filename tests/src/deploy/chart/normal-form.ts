// Makes manifests of Helm and of kustomize comparable.

import type { Manifest } from "../manifests.js";

/** Labels and annotations that only Helm's objects have. */
const OF_HELM = ["app.kubernetes.io/instance", "app.kubernetes.io/managed-by", "helm.sh/chart", "checksum/config"];

/** A name of a config map with kustomize's hash. Helm has a checksum in the pods instead. */
const HASHED = /^(\S*(?:environment|nats-config|nats-users))-[a-z0-9]{10}$/;

/** Returns each manifest in its normal form, by its kind and name. */
export function normalForms(manifests: readonly Manifest[]): Readonly<Record<string, unknown>> {
  const forms = manifests.map((manifest) => normal(manifest) as Manifest);
  return Object.fromEntries(forms.map((form) => [`${form.kind} ${form.metadata.name}`, form]));
}

function normal(value: unknown): unknown {
  if (typeof value === "string") return value.replace(HASHED, "$1");
  if (Array.isArray(value)) return sortedByName(value.map(normal));
  if (typeof value !== "object" || value === null) return value;
  const entries = Object.entries(value).filter(([key]) => !OF_HELM.includes(key));
  const inner = entries.map(([key, each]) => [key, normal(each)] as const);
  return Object.fromEntries(inner.filter(([key, each]) => key !== "annotations" || !isEmpty(each)));
}

/** Volumes and their like have names, and no order. */
function sortedByName(list: readonly unknown[]): readonly unknown[] {
  const nameOf = (each: unknown): unknown => (each as { readonly name?: unknown } | null)?.name;
  if (!list.every((each) => typeof nameOf(each) === "string")) return list;
  return list.toSorted((a, b) => String(nameOf(a)).localeCompare(String(nameOf(b))));
}

function isEmpty(value: unknown): boolean {
  return Object.keys(value as object).length === 0;
}
