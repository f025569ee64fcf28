import { startTcpProxy, type TcpProxy } from "../../support/tcp-proxy.js";

/** The connections that one process opens, each through a proxy of its own. */
export class Links {
  readonly #proxies: readonly TcpProxy[];

  private constructor(proxies: readonly TcpProxy[]) {
    this.#proxies = proxies;
  }

  /** Starts a proxy before each loopback port. */
  static async to(ports: readonly number[]): Promise<Links> {
    return new Links(await Promise.all(ports.map((port) => startTcpProxy({ host: "127.0.0.1", port }))));
  }

  /** Addresses "host:port" instead of the ports, in their order. */
  get addresses(): readonly string[] {
    return this.#proxies.map(({ port }) => `127.0.0.1:${port}`);
  }

  cut(): void {
    for (const proxy of this.#proxies) proxy.cut();
  }

  heal(): void {
    for (const proxy of this.#proxies) proxy.heal();
  }

  async close(): Promise<void> {
    await Promise.all(this.#proxies.map((proxy) => proxy.close()));
  }
}
