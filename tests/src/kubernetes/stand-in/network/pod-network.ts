// A network for pods: a namespace with a bridge, a namespace for each pod, and a cable from the
// bridge to this machine, which is the gateway. The kernel removes all of it with the last process
// that holds a namespace, and those end with this process.

import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { randomInt } from "node:crypto";
import { once } from "node:events";
import { readlinkSync } from "node:fs";
import { setTimeout as delay } from "node:timers/promises";

/** The network namespace of a pod. */
export interface PodNamespace {
  readonly address: string;
  /** Process that holds the namespace. */
  readonly pid: number;
  /** Frees the namespace and its address. */
  release(): Promise<void>;
}

const PREFIX_BITS = 17;
/** Addresses for pods: 250 at a time are enough for the tests. */
const PODS = 250;

/** The network of one cluster: 10.N.0.0/17 for pods and 10.N.128.0/24 for services. */
export class PodNetwork {
  readonly #holder: ChildProcess;
  readonly #cable: string;
  readonly #second: number;
  readonly #taken = new Set<number>();
  #next = 0;

  private constructor(holder: ChildProcess, second: number) {
    this.#holder = holder;
    this.#second = second;
    this.#cable = `sintonia${second}`;
  }

  /** Makes a network whose addresses this machine does not use. Needs root. */
  static async create(): Promise<PodNetwork> {
    const holder = await holdNamespace();
    const network = new PodNetwork(holder, freeSecondByte());
    try {
      network.#connect();
      return network;
    } catch (error) {
      await network.stop();
      throw error;
    }
  }

  /** This machine's address in the network. */
  get gateway(): string {
    return `10.${this.#second}.0.1`;
  }

  get serviceRange(): string {
    return `10.${this.#second}.128.0/24`;
  }

  #connect(): void {
    const pid = this.#holder.pid as number;
    ip("link", "add", this.#cable, "type", "veth", "peer", "name", "uplink", "netns", String(pid));
    ip("address", "add", `${this.gateway}/${PREFIX_BITS}`, "dev", this.#cable);
    ip("link", "set", this.#cable, "up");
    ipIn(pid, "link", "add", "bridge", "type", "bridge");
    ipIn(pid, "link", "set", "bridge", "up");
    ipIn(pid, "link", "set", "uplink", "master", "bridge", "up");
  }

  /**
   * Lets the packet filter of the network's namespace see what pods send to one another, as on a
   * node, and gives the namespace an address. Call it at most once.
   *
   * @returns a process that holds the namespace
   */
  filter(): number {
    const pid = this.#holder.pid as number;
    ipIn(pid, "link", "set", "lo", "up");
    ipIn(pid, "address", "add", `10.${this.#second}.0.2/${PREFIX_BITS}`, "dev", "bridge");
    ipIn(pid, "route", "add", "default", "via", this.gateway);
    const settings = ["net.bridge.bridge-nf-call-iptables=1", "net.ipv4.ip_forward=1"];
    execFileSync("nsenter", [`--net=/proc/${pid}/ns/net`, "sysctl", "-w", ...settings], { stdio: "pipe" });
    return pid;
  }

  /** Makes the namespace of a pod. */
  async addPod(): Promise<PodNamespace> {
    const number = this.#freeNumber();
    const holder = await holdNamespace();
    const pid = holder.pid as number;
    const address = `10.${this.#second}.1.${number}`;
    const port = `pod${number}`;
    const bridge = String(this.#holder.pid);
    ip("link", "add", port, "netns", bridge, "type", "veth", "peer", "name", "eth0", "netns", String(pid));
    ipIn(this.#holder.pid as number, "link", "set", port, "master", "bridge", "up");
    ipIn(pid, "link", "set", "lo", "up");
    ipIn(pid, "address", "add", `${address}/${PREFIX_BITS}`, "dev", "eth0");
    ipIn(pid, "link", "set", "eth0", "up");
    ipIn(pid, "route", "add", "default", "via", this.gateway);
    const release = async (): Promise<void> => {
      await end(holder);
      this.#taken.delete(number);
    };
    return { address, pid, release };
  }

  /** Returns the next number, so that no new pod has the address of one that just ended. */
  #freeNumber(): number {
    do this.#next = (this.#next % PODS) + 1;
    while (this.#taken.has(this.#next));
    this.#taken.add(this.#next);
    return this.#next;
  }

  /** Lets this machine answer at the address of a service. */
  addService(address: string): void {
    ip("address", "add", `${address}/32`, "dev", this.#cable);
  }

  removeService(address: string): void {
    ip("address", "del", `${address}/32`, "dev", this.#cable);
  }

  async stop(): Promise<void> {
    await end(this.#holder);
  }
}

/** Starts a process in a new network namespace. */
async function holdNamespace(): Promise<ChildProcess> {
  const command = ["--pdeathsig", "KILL", "unshare", "--net", "sleep", "infinity"];
  const child = spawn("setpriv", command, { stdio: "ignore" });
  await once(child, "spawn");
  const own = readlinkSync("/proc/self/ns/net");
  while (readlinkSync(`/proc/${child.pid}/ns/net`) === own) await delay(5);
  return child;
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = once(child, "exit");
  child.kill("SIGKILL");
  await ended;
}

/** Returns a number N for which this machine uses no address of 10.N.0.0/16. */
export function freeSecondByte(): number {
  const used = execFileSync("ip", ["-4", "route", "show", "table", "all"], { encoding: "utf8" });
  for (;;) {
    const second = randomInt(128, 250);
    if (!used.includes(`10.${second}.`)) return second;
  }
}

function ip(...args: string[]): void {
  execFileSync("ip", args, { stdio: "pipe" });
}

function ipIn(pid: number, ...args: string[]): void {
  execFileSync("nsenter", [`--net=/proc/${pid}/ns/net`, "ip", ...args], { stdio: "pipe" });
}
