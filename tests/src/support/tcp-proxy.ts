import { once } from "node:events";
import { type AddressInfo, connect, createServer, type Socket } from "node:net";

/** A stretch of network between a client and a server on loopback, with faults on demand. */
export interface TcpProxy {
  /** Port to connect to instead of the server's. */
  readonly port: number;
  /** From now on nothing that the server says gets through; what the client says does. */
  mute(): void;
  /** Breaks all connections and takes no new ones. */
  cut(): void;
  /** Ends mute and cut. Muted connections are broken, as bytes are missing in them. */
  heal(): void;
  close(): Promise<void>;
}

/** Starts a proxy on a free loopback port. */
export async function startTcpProxy(target: { readonly host: string; readonly port: number }): Promise<TcpProxy> {
  const sockets = new Set<Socket>();
  let state: "open" | "muted" | "cut" = "open";
  const breakAll = (): void => {
    for (const socket of sockets) socket.destroy();
  };
  const server = createServer((client) => {
    if (state === "cut") {
      client.destroy();
      return;
    }
    const upstream = connect(target);
    client.pipe(upstream);
    upstream.on("data", (bytes) => {
      if (state !== "muted") client.write(bytes);
    });
    for (const [socket, peer] of [
      [client, upstream],
      [upstream, client],
    ] as const) {
      sockets.add(socket);
      // Ignored: a fault closes the socket, and that closes its peer.
      socket.on("error", () => undefined);
      socket.on("close", () => {
        sockets.delete(socket);
        peer.destroy();
      });
    }
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return {
    port: (server.address() as AddressInfo).port,
    mute: () => {
      state = "muted";
    },
    cut: () => {
      state = "cut";
      breakAll();
    },
    heal: () => {
      if (state === "muted") breakAll();
      state = "open";
    },
    close: async () => {
      server.close();
      breakAll();
      await once(server, "close");
    },
  };
}
