// The network of pods on one node: a bridge of this machine, to which a plugin of the container
// engine connects them.

import { execFileSync } from "node:child_process";
import { freeSecondByte } from "../stand-in/network/pod-network.js";

/** Addresses 10.N.0.0/17 for pods and 10.N.128.0/24 for services. */
export class PodBridge {
  readonly name: string;
  readonly #second: number;

  private constructor(second: number) {
    this.#second = second;
    this.name = `sintonia${second}`;
  }

  /** Makes a bridge whose addresses this machine does not use. Needs root. */
  static create(): PodBridge {
    const bridge = new PodBridge(freeSecondByte());
    ip("link", "add", bridge.name, "type", "bridge");
    ip("address", "add", `${bridge.gateway}/17`, "dev", bridge.name);
    ip("link", "set", bridge.name, "up");
    return bridge;
  }

  /** This machine's address in the network. */
  get gateway(): string {
    return `10.${this.#second}.0.1`;
  }

  get serviceRange(): string {
    return `10.${this.#second}.128.0/24`;
  }

  /** Settings of the plugins that connect a pod. */
  get pluginSettings(): object {
    const start = `10.${this.#second}.1`;
    const range = { subnet: `10.${this.#second}.0.0/17`, rangeStart: `${start}.1`, rangeEnd: `${start}.250` };
    const ipam = {
      type: "host-local",
      ranges: [[{ ...range, gateway: this.gateway }]],
      routes: [{ dst: "0.0.0.0/0" }],
    };
    return {
      cniVersion: "1.0.0",
      name: "pods",
      plugins: [{ type: "bridge", bridge: this.name, isGateway: true, ipam }],
    };
  }

  /** Lets this machine answer at the address of a service. */
  addService(address: string): void {
    ip("address", "add", `${address}/32`, "dev", this.name);
  }

  removeService(address: string): void {
    ip("address", "del", `${address}/32`, "dev", this.name);
  }

  stop(): Promise<void> {
    ip("link", "del", this.name);
    return Promise.resolve();
  }
}

function ip(...args: string[]): void {
  execFileSync("ip", args, { stdio: "pipe" });
}
