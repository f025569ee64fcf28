// The HTTP server of a service's metrics. It has /metrics alone.

import { once } from "node:events";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import type { Registry } from "prom-client";
import type { ListenAddress } from "../config.js";
import { systemReasonOf, UserError } from "../errors.js";
import type { Logger } from "../logger.js";

/** Limit of connections. A scrape needs one, and no scraper opens many. */
const CONNECTIONS_MAX = 32;

/** Time limit of a request in milliseconds, so that a silent client holds no connection. */
const REQUEST_MS = 10_000;

/** Metrics that can be scraped. */
export interface MetricsServer {
  readonly port: number;
  /** Ends the server and its connections. */
  close(): Promise<void>;
}

/**
 * Serves the metrics of a registry.
 *
 * @throws {UserError} if the address cannot be listened on
 */
export async function startMetricsServer(
  registry: Registry,
  { host, port }: ListenAddress,
  logger: Logger,
): Promise<MetricsServer> {
  const server = createServer({ requestTimeout: REQUEST_MS, headersTimeout: REQUEST_MS }, (request, response) => {
    void answer(registry, request, response, logger);
  });
  server.maxConnections = CONNECTIONS_MAX;
  await listen(server, { host, port });
  const bound = (server.address() as AddressInfo).port;
  logger.info({ host, port: bound }, "metrics server listens");
  const close = async (): Promise<void> => {
    server.close();
    server.closeAllConnections();
    if (server.listening) await once(server, "close");
  };
  return { port: bound, close };
}

async function listen(server: Server, { host, port }: ListenAddress): Promise<void> {
  server.listen(port, host);
  try {
    await once(server, "listening");
  } catch (error) {
    const advice = "set SINTONIA_METRICS_ADDRESS to a free address of this machine";
    throw new UserError(`the metrics cannot listen on ${host}:${port}: ${systemReasonOf(error)}; ${advice}`);
  }
  // Ignored: a fault of a connection after the start concerns its client alone.
  server.on("error", () => undefined);
}

async function answer(
  registry: Registry,
  { method, url }: IncomingMessage,
  response: ServerResponse,
  logger: Logger,
): Promise<void> {
  if (url?.split("?", 1)[0] !== "/metrics") return end(response, 404, "The metrics are at /metrics.\n");
  if (method !== "GET" && method !== "HEAD") return end(response, 405, "The metrics can be read only.\n");
  try {
    const text = await registry.metrics();
    response.setHeader("Content-Type", registry.contentType);
    end(response, 200, text);
  } catch (error) {
    logger.error({ err: error }, "metrics cannot be collected");
    end(response, 500, "The metrics cannot be collected. The log says why.\n");
  }
}

function end(response: ServerResponse, status: number, text: string): void {
  response.statusCode = status;
  if (status === 405) response.setHeader("Allow", "GET, HEAD");
  response.end(text);
}
