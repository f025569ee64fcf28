// Wires the metrics of a coordinator process.

import type { ListenAddress } from "@sintonia/runtime/config";
import type { Shutdown } from "@sintonia/runtime/lifecycle";
import type { Logger } from "@sintonia/runtime/logger";
import { startMetricsServer } from "@sintonia/runtime/metrics/server";
import type { Registry } from "prom-client";
import { addStandingMetrics, type StandingSources } from "./adapters/prometheus/standing-metrics.js";

/** Where the metrics are served, and what ends the server. */
interface MetricsPlace {
  /** Undefined for no metrics. */
  readonly address: ListenAddress | undefined;
  readonly logger: Logger;
  readonly shutdown: Shutdown;
}

/**
 * Serves the metrics of a process if they have an address.
 *
 * @throws {UserError} if the address cannot be listened on
 */
export async function serveMetrics(
  registry: Registry,
  sources: StandingSources,
  { address, logger, shutdown }: MetricsPlace,
): Promise<void> {
  if (address === undefined) return;
  addStandingMetrics(registry, sources);
  const server = await startMetricsServer(registry, address, logger);
  shutdown.add("metrics", () => server.close());
}
