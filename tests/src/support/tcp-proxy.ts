import { once } from "node:events";
import { type AddressInfo, connect, createServer, type Socket } from "node:net";

/** A TCP proxy on loopback between a client and a server, with faults on demand. */
export interface TcpProxy {
  /** Port to connect to instead of the server's port. */
  readonly port: number;
  /** Discards all bytes from the server, and still forwards those of the client. */
  mute(): void;
  /** Breaks all connections and refuses new ones. */
  cut(): void;
  /** Ends `mute` and `cut`. Breaks muted connections, because they have lost bytes. */
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
      // Ignored: an error closes the socket, and the handler of its close ends the peer.
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
