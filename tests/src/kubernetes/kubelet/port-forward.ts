import type { ChildProcess } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import type { Kubectl } from "../cluster/kubectl.js";
import { NAMESPACE } from "../pod-cluster.js";

/** Port of the coordinator. */
const PORT = 7230;

/** A connection of this machine to pods by `kubectl port-forward`. */
export class PortForward {
  /** Address on this machine. */
  readonly address: string;
  readonly #child: ChildProcess;

  private constructor(child: ChildProcess, address: string) {
    this.#child = child;
    this.address = address;
  }

  /** @param target - such as `service/coordinator` @throws with what kubectl printed if it ends */
  static async to(target: string, kubectl: Kubectl): Promise<PortForward> {
    const child = kubectl.start("port-forward", target, `:${PORT}`, "--namespace", NAMESPACE);
    const lines: string[] = [];
    child.stderr?.on("data", (chunk: Buffer) => lines.push(chunk.toString()));
    for await (const line of createInterface({ input: child.stdout as NonNullable<ChildProcess["stdout"]> })) {
      lines.push(line);
      const [, address] = /^Forwarding from (127\.0\.0\.1:\d+)/.exec(line) ?? [];
      if (address === undefined) continue;
      // kubectl prints a line for each connection, and would wait for a reader.
      child.stdout?.resume();
      return new PortForward(child, address);
    }
    throw new Error(`kubectl port-forward ended: ${lines.join(" ")}`);
  }

  async stop(): Promise<void> {
    if (this.#child.exitCode !== null || this.#child.signalCode !== null) return;
    const ended = once(this.#child, "exit");
    this.#child.kill();
    await ended;
  }
}
