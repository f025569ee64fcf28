import { readFileSync } from "node:fs";
import { join } from "node:path";
import { ROOT } from "../deploy/repository.js";

/** A metric in the tables of docs/operations.md. */
export interface DocumentedMetric {
  readonly name: string;
  readonly type: string;
}

/** Returns the metrics that docs/operations.md lists. */
export function documentedMetrics(): readonly DocumentedMetric[] {
  const page = readFileSync(join(ROOT, "docs", "operations.md"), "utf8");
  const rows = [...page.matchAll(/^\| `(sintonia_\w+)` \| (\w+) \|/gm)];
  return rows.map(([, name, type]) => ({ name: name as string, type: type as string }));
}

/** Returns the names of the series of a metric. */
export function seriesNames({ name, type }: DocumentedMetric): readonly string[] {
  return type === "histogram" ? ["bucket", "sum", "count"].map((part) => `${name}_${part}`) : [name];
}

/** Returns the names of our metrics and of the process's in an expression of PromQL. */
export function metricNamesIn(expression: string): readonly string[] {
  return expression.match(/\b(?:sintonia|process|nodejs)_\w+/g) ?? [];
}
