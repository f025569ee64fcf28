// A node of a real kubelet and a real container engine, in processes of this machine.

import { execFile } from "node:child_process";
import type { Socket } from "node:dgram";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { waitUntil } from "@sintonia/cli/system/waiting";
import { home, programsEnvironment } from "@sintonia/scripts/docker/home";
import { stringify } from "yaml";
import type { KubernetesApi } from "../cluster/api.js";
import { ClusterProcess } from "../cluster/process.js";
import { startDns } from "../stand-in/network/dns.js";
import { Services } from "../stand-in/network/services.js";
import { makeGroups, removeGroups } from "./control-groups.js";
import type { PodBridge } from "./pod-bridge.js";
import { ENGINE_SOCKET, engineSettings, kubeletSettings } from "./settings.js";

const run = promisify(execFile);

/** The name of the node. */
export const NODE = "node-a";

/** Upper limit of the start in ms. It takes half a minute, most of it for the images. */
const START_MS = 300_000;

/** What a node works with. */
export interface KubeletOptions {
  readonly api: KubernetesApi;
  readonly bridge: PodBridge;
  /** An empty folder, for everything that the node stores. */
  readonly folder: string;
  /** The program. */
  readonly kubelet: string;
  readonly kubeconfig: string;
  /** File of the images of all pods. */
  readonly images: string;
  /** A free port. */
  readonly port: number;
}

/** A node that runs pods in containers. */
export class KubeletNode {
  readonly #process: ClusterProcess;
  readonly #services: Services;
  readonly #dns: Socket;
  readonly #ends = new AbortController();
  readonly #followed: Promise<unknown>;
  readonly #group: string;
  readonly #folder: string;

  private constructor({ api, bridge, folder }: KubeletOptions, script: string, dns: Socket, services: Services) {
    this.#folder = folder;
    this.#dns = dns;
    this.#services = services;
    this.#group = groupOf(bridge);
    this.#followed = services.follow(api, this.#ends.signal);
    const namespaces = ["--mount", "--pid", "--mount-proc", "--fork", "--kill-child"] as const;
    const options = { name: "node", folder, environment: programsEnvironment() };
    this.#process = new ClusterProcess(["unshare", ...namespaces, "bash", "-c", script], options);
  }

  /** Starts the node, and waits until it is ready for pods. */
  static async start(options: KubeletOptions): Promise<KubeletNode> {
    const { api, bridge } = options;
    makeGroups(groupOf(bridge));
    const services = new Services(bridge);
    const dns = await startDns(bridge.gateway, (name) => services.resolve(name));
    const node = new KubeletNode(options, scriptOf(options), dns, services);
    try {
      const check = (): Promise<boolean> => node.#isReady(api);
      await waitUntil(check, { signal: node.#ends.signal, timeoutMs: START_MS, what: "the node is not ready" });
      return node;
    } catch (error) {
      await node.stop();
      throw error;
    }
  }

  async #isReady(api: KubernetesApi): Promise<boolean> {
    this.#process.assertRuns();
    const node = `/api/v1/nodes/${NODE}`;
    if (!(await api.exists(node))) return false;
    const { status } = await api.get<{ status: { conditions: readonly { type: string; status: string }[] } }>(node);
    return status.conditions.some(({ type, status }) => type === "Ready" && status === "True");
  }

  /** The end of the node's processes; empty while they run. */
  get faults(): readonly Error[] {
    try {
      this.#process.assertRuns();
      return [];
    } catch (error) {
      return [error as Error];
    }
  }

  async stop(): Promise<void> {
    this.#ends.abort();
    await this.#process.stop();
    await this.#followed;
    this.#services.stop();
    this.#dns.close();
    const remove = (): Promise<boolean> => Promise.resolve(removeGroups(this.#group));
    await waitUntil(remove, {
      signal: AbortSignal.timeout(START_MS),
      timeoutMs: START_MS,
      what: "containers still run",
    });
    // The images have 50,000 files, for which Node's own function takes five times as long.
    await run("rm", ["--recursive", this.#folder]);
  }
}

/** Writes the settings. @returns a script that starts the engine and kubelet, and ends with one */
function scriptOf({ bridge, folder, kubelet, kubeconfig, images, port }: KubeletOptions): string {
  const networks = join(folder, "networks");
  for (const name of ["networks", "lib", "log"]) mkdirSync(join(folder, name));
  const programs = join(home.programs, "usr/lib/cni");
  writeFileSync(join(networks, "pods.conflist"), JSON.stringify(bridge.pluginSettings));
  writeFileSync(join(folder, "engine.toml"), engineSettings({ programs, networks }));
  writeFileSync(join(folder, "kubelet.yaml"), stringify(kubeletSettings(bridge, { group: groupOf(bridge), port })));
  const place = `--hostname-override ${NODE} --node-ip ${bridge.gateway}`;
  return `
set -e
mount -t tmpfs tmpfs /run
mount --bind ${join(folder, "lib")} /var/lib
mount --bind ${join(folder, "log")} /var/log
containerd --config ${join(folder, "engine.toml")} &
until [ -S ${ENGINE_SOCKET} ]; do sleep 0.1; done
ctr --namespace k8s.io images import ${images}
${kubelet} --config ${join(folder, "kubelet.yaml")} --kubeconfig ${kubeconfig} ${place} &
wait -n
`;
}

function groupOf({ name }: PodBridge): string {
  return `/${name}`;
}
