// Services of the cluster: their names, and a proxy at the address of each, as kube-proxy once had
// in user space. Endpoints are those that kube-controller-manager finds ready.

import { connect, createServer, type Server, type Socket } from "node:net";
import type { ApiObject, KubernetesApi } from "../../cluster/api.js";

interface Service extends ApiObject {
  readonly spec: {
    readonly clusterIP?: string;
    readonly ports?: readonly { readonly name?: string; readonly port: number }[];
  };
}

interface EndpointSlice extends ApiObject {
  readonly ports: readonly { readonly name: string; readonly port: number }[] | null;
  readonly endpoints:
    | readonly {
        readonly addresses: readonly string[];
        readonly hostname?: string;
        readonly conditions: { readonly ready?: boolean };
      }[]
    | null;
}

/** Where this machine answers at the addresses of services. */
export interface ServiceAddresses {
  addService(address: string): void;
  removeService(address: string): void;
}

/** The domain of the cluster. */
export const DOMAIN = "svc.cluster.local";

/** Follows the services of a cluster until the signal. */
export class Services {
  readonly #network: ServiceAddresses;
  readonly #services = new Map<string, Service>();
  readonly #slices = new Map<string, EndpointSlice>();
  readonly #proxies = new Map<string, readonly Server[]>();
  readonly #sockets = new Set<Socket>();

  constructor(network: ServiceAddresses) {
    this.#network = network;
  }

  follow(api: KubernetesApi, signal: AbortSignal): Promise<unknown> {
    const services = {
      changed: (service: Service): void => this.#add(service),
      gone: (service: Service): void => this.#remove(service),
    };
    const slices = {
      changed: (slice: EndpointSlice): unknown => this.#slices.set(String(slice.metadata.uid), slice),
      gone: ({ metadata }: EndpointSlice): unknown => this.#slices.delete(String(metadata.uid)),
    };
    return Promise.all([
      api.watch("/api/v1/services", services, signal),
      api.watch("/apis/discovery.k8s.io/v1/endpointslices", slices, signal),
    ]);
  }

  /** Returns the addresses of a name in the cluster's domain; undefined without such a name. */
  resolve(name: string): readonly string[] | undefined {
    if (!name.endsWith(`.${DOMAIN}`)) return undefined;
    const [namespace, service, pod] = name
      .slice(0, -DOMAIN.length - 1)
      .split(".")
      .toReversed();
    const key = `${namespace}/${service}`;
    const { clusterIP } = this.#services.get(key)?.spec ?? {};
    if (clusterIP === undefined) return undefined;
    if (clusterIP !== "None" && pod === undefined) return [clusterIP];
    const addresses = this.#slicesOf(key).flatMap(({ endpoints }) =>
      (endpoints ?? [])
        .filter(({ hostname, conditions }) => conditions.ready !== false && (pod === undefined || hostname === pod))
        .flatMap(({ addresses }) => addresses),
    );
    return addresses.length === 0 ? undefined : addresses;
  }

  /** Closes the proxies and their connections. */
  stop(): void {
    for (const servers of this.#proxies.values()) for (const server of servers) server.close();
    for (const socket of this.#sockets) socket.destroy();
  }

  #add(service: Service): void {
    const key = keyOf(service);
    this.#services.set(key, service);
    const { clusterIP, ports = [] } = service.spec;
    if (clusterIP === undefined || clusterIP === "None" || this.#proxies.has(key)) return;
    this.#network.addService(clusterIP);
    const servers = ports.map(({ name = "", port }) =>
      createServer((client) => this.#forward(client, key, name)).listen(port, clusterIP),
    );
    this.#proxies.set(key, servers);
  }

  #remove(service: Service): void {
    const key = keyOf(service);
    this.#services.delete(key);
    const servers = this.#proxies.get(key);
    if (servers === undefined) return;
    for (const server of servers) server.close();
    this.#proxies.delete(key);
    this.#network.removeService(String(service.spec.clusterIP));
  }

  /** Joins a client to a ready endpoint. Refuses the client without one. */
  #forward(client: Socket, key: string, portName: string): void {
    const targets = this.#slicesOf(key).flatMap(({ ports, endpoints }) => {
      const port = ports?.find(({ name }) => name === portName)?.port;
      const ready = (endpoints ?? []).filter(({ conditions }) => conditions.ready !== false);
      return port === undefined ? [] : ready.flatMap(({ addresses }) => addresses.map((host) => ({ host, port })));
    });
    const target = targets[Math.floor(Math.random() * targets.length)];
    if (target === undefined) {
      client.resetAndDestroy();
      return;
    }
    const server = connect(target);
    for (const [socket, other] of [
      [client, server],
      [server, client],
    ] as const) {
      this.#sockets.add(socket);
      socket.on("error", () => other.destroy());
      socket.on("close", () => {
        this.#sockets.delete(socket);
        other.destroy();
      });
      socket.pipe(other);
    }
  }

  #slicesOf(key: string): readonly EndpointSlice[] {
    const ownerOf = ({ metadata }: EndpointSlice): string =>
      `${metadata.namespace}/${metadata.labels?.["kubernetes.io/service-name"]}`;
    return [...this.#slices.values()].filter((slice) => ownerOf(slice) === key);
  }
}

function keyOf({ metadata }: ApiObject): string {
  return `${metadata.namespace}/${metadata.name}`;
}
