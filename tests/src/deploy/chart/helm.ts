// The chart as Helm renders it.

import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { goPrograms, HELM } from "@sintonia/scripts/go/programs";
import { parseAllDocuments } from "yaml";
import type { Manifest } from "../manifests.js";
import { ROOT } from "../repository.js";

export const CHART = join(ROOT, "deploy/chart");

/** Oldest Kubernetes that the chart accepts. The version that Helm assumes depends on its build. */
const KUBERNETES_MIN = "1.27.0";

/** Settings of a release. */
export interface Release {
  /** Files of values inside the chart's folder. */
  readonly files?: readonly string[];
  /** Single values, as Helm's --set takes them. */
  readonly set?: readonly string[];
  readonly namespace?: string;
}

/** Returns why Helm is missing; false if it is there. */
export function missingHelm(): string | false {
  return goPrograms(HELM) === undefined ? "./scripts/test builds Helm where it finds Go; it has not" : false;
}

/** Returns the path of Helm, where `missingHelm` returns false. */
export function helmProgram(): string {
  return join(goPrograms(HELM) ?? "", "helm");
}

/** Checks the chart. @returns what Helm says @throws if it finds a mistake */
export function lint(release: Release = {}): string {
  return helm("lint", "--strict", CHART, ...valuesOf(release), "--kube-version", KUBERNETES_MIN);
}

/** Renders the chart as YAML. @throws with Helm's message if it refuses the values */
export function template(release: Release = {}): string {
  const options = ["--namespace", release.namespace ?? "sintonia", "--kube-version", KUBERNETES_MIN];
  return helm("template", "sintonia", CHART, ...valuesOf(release), ...options);
}

/** Renders the chart. */
export function renderChart(release: Release = {}): readonly Manifest[] {
  const documents = parseAllDocuments(template(release));
  return documents.map((document) => document.toJS() as Manifest | null).filter((manifest) => manifest !== null);
}

function valuesOf({ files = [], set = [] }: Release): readonly string[] {
  return [...files.flatMap((file) => ["--values", join(CHART, file)]), ...set.flatMap((value) => ["--set", value])];
}

function helm(...args: readonly string[]): string {
  const { status, stdout, stderr } = spawnSync(helmProgram(), args, { encoding: "utf8" });
  if (status !== 0) throw new Error(stderr + (args[0] === "lint" ? stdout : ""));
  return stdout;
}
