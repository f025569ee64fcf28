import { readFileSync } from "node:fs";
import { join } from "node:path";
import { ROOT } from "../deploy/repository.js";

/** A panel of a dashboard of Grafana. Rows have no targets. */
interface Panel {
  readonly title: string;
  readonly targets?: readonly { readonly expr: string }[];
}

/** A query of a panel. */
interface DashboardQuery {
  readonly title: string;
  readonly expression: string;
}

/** Returns the queries of the dashboard that deploy/k8s ships. */
export function dashboardQueries(): readonly DashboardQuery[] {
  const path = join(ROOT, "deploy", "k8s", "components", "monitoring", "dashboard.json");
  const { panels } = JSON.parse(readFileSync(path, "utf8")) as { panels: readonly Panel[] };
  return panels.flatMap(({ title, targets = [] }) => targets.map(({ expr }) => ({ title, expression: expr })));
}
