import { listenAddress } from "../config.js";

/** The variables of a service's metrics. */
export const METRICS_VARIABLES = {
  metricsAddress: {
    name: "SINTONIA_METRICS_ADDRESS",
    doc: "Address of the metrics for Prometheus, at /metrics, without TLS or login; no metrics if unset.",
    optional: true,
    ...listenAddress("127.0.0.1:9464"),
  },
} as const;
