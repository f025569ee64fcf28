// A stand-in for the nodes of a cluster, where no kubelet runs: registers nodes, runs the pods that
// the scheduler binds to them as processes in namespaces, makes volumes, and answers for the
// services.

import type { Socket } from "node:dgram";
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import type { ApiObject, KubernetesApi } from "../cluster/api.js";
import type { Image } from "./images.js";
import { startDns } from "./network/dns.js";
import type { PodNetwork } from "./network/pod-network.js";
import { Services } from "./network/services.js";
import { type PodObject, type PodSurroundings, RunningPod } from "./pod.js";

interface Claim extends ApiObject {
  readonly spec: {
    readonly volumeName?: string;
    readonly storageClassName?: string;
    readonly accessModes: readonly string[];
    readonly resources: { readonly requests: { readonly storage: string } };
  };
}

const STORAGE_CLASS = "folders";
/** kube-controller-manager counts a node as lost after 50 s without a renewal. */
const RENEWAL_MS = 10_000;
const LEASES = "/apis/coordination.k8s.io/v1/namespaces/kube-node-lease/leases";

/** What the nodes of a cluster work with. */
export interface NodesOptions {
  readonly api: KubernetesApi;
  readonly network: PodNetwork;
  readonly imageOf: (name: string) => Image | undefined;
  /** Folder for pods and volumes. */
  readonly folder: string;
  readonly names: readonly string[];
}

/** Nodes that run pods as processes of this machine. */
export class StandInNodes {
  /** Faults of the stand-in itself, and what it does not know. Empty in a valid test. */
  readonly faults: Error[] = [];
  readonly #options: NodesOptions;
  readonly #place: PodSurroundings;
  readonly #services: Services;
  readonly #pods = new Map<string, { readonly name: string; readonly pod: RunningPod }>();
  readonly #gone = new Map<string, RunningPod>();
  readonly #ends = new AbortController();
  #dns: Socket | undefined;
  #work: Promise<unknown> = Promise.resolve();

  private constructor(options: NodesOptions) {
    this.#options = options;
    this.#services = new Services(options.network);
    this.#place = { ...options, onFault: (error) => this.faults.push(error) };
  }

  static async start(options: NodesOptions): Promise<StandInNodes> {
    const nodes = new StandInNodes(options);
    const { api, network, names } = options;
    nodes.#dns = await startDns(network.gateway, (name) => nodes.#services.resolve(name));
    await api.create("/apis/storage.k8s.io/v1/storageclasses", storageClass());
    for (const name of names) await register(api, name, network.gateway);
    nodes.#work = nodes.#run();
    return nodes;
  }

  /** Ends the processes of a pod at once, as a crash does. @param name - of the pod */
  kill(name: string): void {
    for (const running of this.#pods.values()) if (running.name === name) running.pod.kill();
  }

  /** Returns a process in the network namespace of a running pod. @param name - of the pod */
  networkPid(name: string): number | undefined {
    return [...this.#pods.values()].find((running) => running.name === name)?.pod.networkPid;
  }

  /** Returns the exit codes of the containers of a pod that is gone; empty without such a pod. */
  exitsOf(name: string): readonly (number | undefined)[] {
    return this.#gone.get(name)?.exits ?? [];
  }

  /** Ends all pods. */
  async stop(): Promise<void> {
    this.#ends.abort();
    await this.#work;
    await Promise.all([...this.#pods.values()].map(({ pod }) => pod.abandon()));
    this.#services.stop();
    this.#dns?.close();
  }

  #run(): Promise<unknown> {
    const { api, names } = this.#options;
    const { signal } = this.#ends;
    const pods = {
      changed: (pod: PodObject): void => this.#follow(pod),
      gone: ({ metadata }: PodObject): void => this.#abandon(String(metadata.uid)),
    };
    const claims = { changed: (claim: Claim): void => this.#provide(claim), gone: () => undefined };
    return Promise.all([
      this.#services.follow(api, signal),
      api.watch<PodObject>("/api/v1/pods", pods, signal),
      api.watch<Claim>("/api/v1/persistentvolumeclaims", claims, signal),
      ...names.map((name) => renew(api, name, signal)),
    ]);
  }

  #follow(object: PodObject): void {
    const { name, uid = "", deletionTimestamp, deletionGracePeriodSeconds = 0 } = object.metadata;
    if (!this.#options.names.includes(object.spec.nodeName ?? "")) return;
    const known = this.#pods.get(uid);
    if (known === undefined) this.#pods.set(uid, { name, pod: new RunningPod(object, this.#place) });
    if (deletionTimestamp === undefined) return;
    this.#pods.get(uid)?.pod.terminate(deletionGracePeriodSeconds).catch(this.#place.onFault);
  }

  #abandon(uid: string): void {
    const known = this.#pods.get(uid);
    if (known === undefined) return;
    this.#pods.delete(uid);
    this.#gone.set(known.name, known.pod);
    known.pod.abandon().catch(this.#place.onFault);
  }

  /** Makes the volume of a claim: a folder that all nodes see, as storage on a network is. */
  #provide({ metadata, spec }: Claim): void {
    if (spec.volumeName !== undefined || spec.storageClassName !== STORAGE_CLASS) return;
    const { name, namespace, uid } = metadata;
    const path = join(this.#options.folder, `volume-${uid}`);
    mkdirSync(path, { recursive: true });
    const volume = {
      metadata: { name: `folder-${uid}` },
      spec: {
        capacity: spec.resources.requests,
        accessModes: spec.accessModes,
        storageClassName: STORAGE_CLASS,
        hostPath: { path },
        claimRef: { name, namespace, uid },
      },
    };
    // Ignored: an earlier call for this claim has made the volume.
    this.#options.api.create("/api/v1/persistentvolumes", volume).catch(() => undefined);
  }
}

function storageClass(): object {
  const annotations = { "storageclass.kubernetes.io/is-default-class": "true" };
  return { metadata: { name: STORAGE_CLASS, annotations }, provisioner: "sintonia.test/folders" };
}

async function register(api: KubernetesApi, name: string, address: string): Promise<void> {
  const capacity = { cpu: "4", memory: "8Gi", pods: "110", "ephemeral-storage": "100Gi" };
  const conditions = [
    { type: "Ready", status: "True", reason: "StandIn", message: "runs pods as processes" },
    ...["MemoryPressure", "DiskPressure", "PIDPressure"].map((type) => ({ type, status: "False" })),
  ];
  const addresses = [{ type: "InternalIP", address }];
  const labels = { "kubernetes.io/hostname": name, "kubernetes.io/os": "linux" };
  const status = { capacity, allocatable: capacity, conditions, addresses };
  await api.create("/api/v1/nodes", { metadata: { name, labels }, status });
  await api.create(LEASES, { metadata: { name }, spec: { holderIdentity: name, renewTime: now() } });
}

/** Renews the lease of a node until the signal is aborted. */
async function renew(api: KubernetesApi, name: string, signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    // Ignored: the next renewal comes long before the lease runs out.
    await api.patch(`${LEASES}/${name}`, { spec: { renewTime: now() } }, "merge-patch").catch(() => undefined);
    await delay(RENEWAL_MS, undefined, { signal }).catch(() => undefined);
  }
}

/** The time in microseconds, which a lease needs. */
function now(): string {
  return new Date().toISOString().replace("Z", "000Z");
}
