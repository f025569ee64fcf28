import { freePorts } from "@sintonia/cli/system/ports";
import { type NatsServer, startNatsServer } from "./nats-server.js";

/** Real nats-servers that form one cluster with JetStream. */
export interface NatsCluster {
  /** The servers by their names. */
  readonly servers: ReadonlyMap<string, NatsServer>;
  /** URLs of all servers, separated by commas. */
  readonly urls: string;
  stop(): Promise<void>;
}

/**
 * Starts a cluster on free loopback ports.
 *
 * @param routesOf - number of servers that it may have
 * @param args - further arguments of each server
 */
export async function startNatsCluster(
  size: number,
  routesOf = size,
  args: readonly string[] = [],
): Promise<NatsCluster> {
  const ports = await freePorts(routesOf);
  const routes = ports.map((port) => `nats://127.0.0.1:${port}`);
  const started = await Promise.all(
    routes.slice(0, size).map((route, index) => start(`n${index}`, route, routes, args)),
  );
  const servers = new Map(started.map((server, index) => [`n${index}`, server]));
  return {
    servers,
    urls: started.map(({ url }) => url).join(","),
    stop: async () => {
      await Promise.all(started.map((server) => server.stop()));
    },
  };
}

async function start(
  name: string,
  route: string,
  routes: readonly string[],
  args: readonly string[],
): Promise<NatsServer> {
  const cluster = ["--cluster_name", "test", "--cluster", route, "--routes", routes.join(",")];
  return await startNatsServer(["--jetstream", "--server_name", name, ...cluster, ...args]);
}
