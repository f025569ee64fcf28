import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";
import { ROOT } from "../deploy/repository.js";

/** The alert rules that deploy/k8s ships. */
export const ALERTS = join(ROOT, "deploy", "k8s", "components", "monitoring", "alerts.yaml");

/** The reason to skip tests. */
export const PROGRAMS_MISSING = "./scripts/test builds Prometheus where it finds Go; it has not";

/** A rule of an alert. */
export interface AlertRule {
  readonly alert: string;
  readonly expr: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
}

/** Returns the shipped rules. */
export function alertRules(): readonly AlertRule[] {
  const { groups } = parse(readFileSync(ALERTS, "utf8")) as { groups: readonly { rules: readonly AlertRule[] }[] };
  return groups.flatMap(({ rules }) => rules);
}
