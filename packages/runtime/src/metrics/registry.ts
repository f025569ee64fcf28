import { collectDefaultMetrics, Gauge, Registry } from "prom-client";

/** The service that metrics describe. */
export interface MeteredService {
  readonly service: string;
  readonly version: string;
}

/** Gauges of prom-client whose names Prometheus keeps for counters. */
const MISNAMED = ["nodejs_active_handles_total", "nodejs_active_requests_total", "nodejs_active_resources_total"];

/** Returns a registry with the metrics of the process and of the build. */
export function createRegistry({ service, version }: MeteredService): Registry {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  for (const name of MISNAMED) registry.removeSingleMetric(name);
  new Gauge({
    name: "sintonia_build_info",
    help: "The build of this process: 1, with its facts as labels.",
    labelNames: ["service", "version", "node"],
    registers: [registry],
  }).set({ service, version, node: process.version }, 1);
  return registry;
}
