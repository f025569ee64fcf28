// A cluster that runs pods: a real control plane, and the stand-in for nodes.

import { execFile, spawnSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { waitUntil } from "@sintonia/cli/system/waiting";
import { goPrograms, KUBERNETES, NATS_SERVER } from "@sintonia/scripts/go/programs";
import { ROOT } from "../deploy/repository.js";
import type { ApiObject } from "./cluster/api.js";
import { ControlPlane, missingParts } from "./cluster/control-plane.js";
import { Kubectl } from "./cluster/kubectl.js";
import { Overlays } from "./cluster/overlays.js";
import { imagesOf } from "./stand-in/images.js";
import { PodNetwork } from "./stand-in/network/pod-network.js";
import { StandInNodes } from "./stand-in/nodes.js";

const run = promisify(execFile);
const CLI = fileURLToPath(import.meta.resolve("@sintonia/cli/main"));
const APPLY = ["apply", "--server-side", "--validate=strict", "--kustomize"] as const;
const NODES = ["node-a", "node-b", "node-c"] as const;
const OUTPUT_MAX_BYTES = 64 * 2 ** 20;

/** The namespace of every overlay. */
export const NAMESPACE = "sintonia";

/** A pod as the API shows it. */
export interface Pod extends ApiObject {
  readonly spec: { readonly nodeName?: string; readonly containers: readonly { readonly image: string }[] };
  readonly status: {
    readonly podIP?: string;
    readonly conditions?: readonly { readonly type: string; readonly status: string }[];
    readonly containerStatuses?: readonly { readonly restartCount: number }[];
  };
}

/** Returns why no cluster can run pods here; false if one can. */
export function missingForPods(): string | false {
  const missing = missingParts(goPrograms(KUBERNETES));
  if (missing !== false) return missing;
  if (goPrograms(NATS_SERVER) === undefined) return "./scripts/test builds nats-server where it finds Go; it has not";
  const probe = ["--net", "--mount", "ip", "link", "add", "probe", "type", "bridge"];
  const { status, stderr, error } = spawnSync("unshare", probe, { encoding: "utf8" });
  if (status === 0) return false;
  return `the stand-in for nodes needs root, and namespaces with bridges: ${error?.message ?? stderr.trim()}`;
}

/** What runs the pods of a cluster. */
interface Nodes {
  /** Faults of the nodes themselves. Empty in a valid test. */
  readonly faults: readonly Error[];
  /** Ends all pods. */
  stop(): Promise<void>;
}

/** The parts of a cluster, which it stops. */
interface Parts<N extends Nodes> {
  readonly network: { stop(): Promise<void> };
  readonly plane: ControlPlane;
  readonly nodes: N;
}

/** A cluster that runs pods. */
export class PodCluster<N extends Nodes = StandInNodes> {
  readonly kubectl: Kubectl;
  readonly overlays: Overlays;
  readonly nodes: N;
  /** Folder for files of the tests, and the folders of pods. */
  readonly folder: string;
  /** File for programs that call the API, with all rights. */
  readonly kubeconfig: string;
  readonly #network: Parts<N>["network"];
  readonly #plane: ControlPlane;
  #installations = 0;

  /** @param folder - an empty folder, which the cluster removes at its end */
  constructor(folder: string, { network, plane, nodes }: Parts<N>) {
    this.folder = folder;
    this.kubeconfig = plane.kubeconfig;
    this.#network = network;
    this.#plane = plane;
    this.nodes = nodes;
    this.overlays = new Overlays(join(folder, "overlays"));
    this.kubectl = new Kubectl(join(goPrograms(KUBERNETES) ?? "", "kubectl"), plane.kubeconfig);
  }

  /**
   * Starts a cluster of three nodes of the stand-in.
   *
   * @param earlier - built checkout whose images have the tag EARLIER_TAG
   */
  static async start(earlier: string = ROOT): Promise<PodCluster> {
    return await PodCluster.startOn(await PodNetwork.create(), earlier);
  }

  /** Starts a cluster of three nodes on a given network. `stop` ends the network too. */
  static async startOn(network: PodNetwork, earlier: string = ROOT): Promise<PodCluster> {
    const folder = mkdtempSync(join(tmpdir(), "sintonia-pods-"));
    const { serviceRange, gateway: podsAddress } = network;
    const plane = await ControlPlane.start({ programs: goPrograms(KUBERNETES) ?? "", serviceRange, podsAddress });
    const { api } = plane;
    const imageOf = imagesOf(goPrograms(NATS_SERVER) ?? "", earlier);
    const nodes = await StandInNodes.start({ api, network, imageOf, folder, names: NODES });
    return new PodCluster(folder, { network, plane, nodes });
  }

  async makeNamespace(): Promise<void> {
    await this.kubectl.run(...APPLY, this.overlays.write("namespace", { resources: ["../k8s/namespace"] }));
  }

  /** Installs a kustomization of deploy/k8s into the namespace, also in place of another one. */
  async install(content: object): Promise<void> {
    this.#installations += 1;
    await this.kubectl.run(...APPLY, this.overlays.write(`installation-${this.#installations}`, content));
  }

  /** Returns the pods with a name of `app.kubernetes.io/name`. */
  pods(name: string): Promise<readonly Pod[]> {
    return this.kubectl.list("pods", "--namespace", NAMESPACE, "--selector", `app.kubernetes.io/name=${name}`);
  }

  /** Waits until a condition holds, and the stand-in has met nothing that it does not know. */
  async until(what: string, condition: () => Promise<boolean>, timeoutMs = 180_000): Promise<void> {
    const check = (): Promise<boolean> => {
      const [fault] = this.nodes.faults;
      if (fault !== undefined) throw fault;
      return condition();
    };
    await waitUntil(check, { signal: AbortSignal.timeout(timeoutMs * 2), timeoutMs, what });
  }

  /** Waits until exactly `count` pods of a name are there, and all are ready. */
  async ready(name: string, count: number): Promise<void> {
    await this.until(`there are not ${count} ready pods of ${name}`, async () => {
      const pods = await this.pods(name);
      return pods.length === count && pods.every(isReady);
    });
  }

  /** Runs a step. @returns the smallest number of ready pods of a name in the course of it */
  async leastReady(name: string, run: () => Promise<void>): Promise<number> {
    const pods = new Map((await this.pods(name)).map((pod) => [pod.metadata.uid, pod]));
    const countReady = (): number => [...pods.values()].filter(isReady).length;
    let least = countReady();
    const changed = (pod: Pod): void => {
      if (pod.metadata.labels?.["app.kubernetes.io/name"] === name) pods.set(pod.metadata.uid, pod);
      least = Math.min(least, countReady());
    };
    const gone = ({ metadata }: Pod): void => {
      pods.delete(metadata.uid);
      least = Math.min(least, countReady());
    };
    const ends = new AbortController();
    const watch = this.#plane.api.watch(`/api/v1/namespaces/${NAMESPACE}/pods`, { changed, gone }, ends.signal);
    await run().finally(() => ends.abort());
    await watch;
    return least;
  }

  /** Asks for the eviction of a pod, as a drain does. @throws {ApiError} if a budget refuses it */
  async evict(name: string): Promise<void> {
    const metadata = { name, namespace: NAMESPACE };
    const path = `/api/v1/namespaces/${NAMESPACE}/pods/${name}/eviction`;
    await this.#plane.api.create(path, { apiVersion: "policy/v1", kind: "Eviction", metadata });
  }

  /** Returns the address of a service, which this machine reaches as pods do. */
  async addressOf(service: string): Promise<string> {
    const path = `/api/v1/namespaces/${NAMESPACE}/services/${service}`;
    const { spec } = await this.#plane.api.get<{ spec: { clusterIP: string; ports: { port: number }[] } }>(path);
    return `${spec.clusterIP}:${spec.ports[0]?.port}`;
  }

  /** Returns the address of the only pod of a name. */
  async podAddress(name: string): Promise<string> {
    const [pod] = await this.pods(name);
    return pod?.status.podIP ?? "";
  }

  /** Runs a command of the command line program on the coordinator. @throws if it fails */
  async sintonia(...args: string[]): Promise<string> {
    return await sintonia(args, { SINTONIA_COORDINATOR_ADDRESS: await this.addressOf("coordinator") });
  }

  async stop(): Promise<void> {
    await this.nodes.stop();
    await this.#plane.stop();
    await this.#network.stop();
    rmSync(this.folder, { recursive: true });
  }
}

/** Tells whether a pod passes its probes and is not about to end. */
export function isReady({ metadata, status }: Pod): boolean {
  const ready = status.conditions?.some(({ type, status }) => type === "Ready" && status === "True") ?? false;
  return ready && metadata.deletionTimestamp === undefined;
}

/** Runs a command of the command line program. @throws if it fails */
export async function sintonia(args: readonly string[], settings: NodeJS.ProcessEnv = {}): Promise<string> {
  const env = { ...process.env, ...settings };
  const { stdout } = await run(process.execPath, [CLI, ...args], { env, maxBuffer: OUTPUT_MAX_BYTES });
  return stdout;
}
