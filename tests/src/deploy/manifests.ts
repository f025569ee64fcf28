// The manifests as kubectl renders them.

import { execFileSync, spawnSync } from "node:child_process";
import { resolve } from "node:path";
import type { IDeployment } from "kubernetes-models/apps/v1/Deployment";
import type { IStatefulSet } from "kubernetes-models/apps/v1/StatefulSet";
import type { IConfigMap } from "kubernetes-models/v1/ConfigMap";
import type { IContainer } from "kubernetes-models/v1/Container";
import type { IPodTemplateSpec } from "kubernetes-models/v1/PodTemplateSpec";
import type { IService } from "kubernetes-models/v1/Service";
import { parseAllDocuments } from "yaml";
import { ROOT } from "./repository.js";

export interface Manifest {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: {
    readonly name: string;
    readonly labels?: Readonly<Record<string, string>>;
    readonly annotations?: Readonly<Record<string, string>>;
  };
}

export type Workload = (IDeployment | IStatefulSet) & Manifest;

/** Returns true if kubectl is on the PATH. */
export function hasKubectl(): boolean {
  return spawnSync("kubectl", ["version", "--client"]).status === 0;
}

/** Renders the kustomization in a folder, relative to the root. Needs kubectl, but no cluster. */
export function render(folder: string): readonly Manifest[] {
  const text = execFileSync("kubectl", ["kustomize", resolve(ROOT, folder)], { encoding: "utf8" });
  return parseAllDocuments(text).map((document) => document.toJS() as Manifest);
}

export function workloads(manifests: readonly Manifest[]): readonly Workload[] {
  return manifests.filter(({ kind }) => kind === "Deployment" || kind === "StatefulSet") as Workload[];
}

export function services(manifests: readonly Manifest[]): readonly (IService & Manifest)[] {
  return manifests.filter(({ kind }) => kind === "Service") as (IService & Manifest)[];
}

export function podOf({ spec }: Workload): IPodTemplateSpec {
  return spec?.template ?? {};
}

export function containersOf(workload: Workload): readonly IContainer[] {
  return podOf(workload).spec?.containers ?? [];
}

/**
 * Returns the environment of the process in a container. A variable that refers to a field of the
 * pod has the name of the field as its value.
 */
export function environmentOf(container: IContainer, manifests: readonly Manifest[]): Readonly<Record<string, string>> {
  const maps = (container.envFrom ?? []).map(({ configMapRef }) => configMap(configMapRef?.name ?? "", manifests));
  const single = (container.env ?? []).map(({ name, value, valueFrom }) => [
    name,
    value ?? valueFrom?.fieldRef?.fieldPath,
  ]);
  return { ...Object.assign({}, ...maps), ...Object.fromEntries(single) };
}

function configMap(name: string, manifests: readonly Manifest[]): Readonly<Record<string, string>> {
  const found = manifests.find(({ kind, metadata }) => kind === "ConfigMap" && metadata.name === name);
  if (found === undefined) throw new Error(`no ConfigMap is called ${name}`);
  return (found as IConfigMap).data ?? {};
}
