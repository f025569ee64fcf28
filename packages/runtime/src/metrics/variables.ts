import { z } from "zod";
import type { Kind } from "../config.js";

/** An address that a server listens on. */
export interface ListenAddress {
  readonly host: string;
  /** 0 for any free port. */
  readonly port: number;
}

/** The variables of a service's metrics. */
export const METRICS_VARIABLES = {
  metricsAddress: {
    name: "SINTONIA_METRICS_ADDRESS",
    doc: "Address of the metrics for Prometheus, at /metrics, without TLS or login; no metrics if unset.",
    optional: true,
    ...listenAddress(),
  },
} as const;

/** Accepts host:port, with an IPv6 address in brackets. */
function listenAddress(): Kind<ListenAddress> {
  const schema = z
    .string()
    .regex(/^(\[[0-9a-fA-F:.]+\]|[\w.-]+):\d{1,5}$/)
    .transform((text) => {
      const colon = text.lastIndexOf(":");
      return { host: text.slice(0, colon).replace(/^\[(.*)\]$/, "$1"), port: Number(text.slice(colon + 1)) };
    })
    .refine(({ port }) => port <= 65_535);
  return { schema, accepts: "host:port, such as 127.0.0.1:9464" };
}
