// A pod on a node of the stand-in, from its binding to its end.

import { mkdirSync, statSync } from "node:fs";
import { join } from "node:path";
import type { IContainer } from "kubernetes-models/v1/Container";
import type { IPodSpec } from "kubernetes-models/v1/PodSpec";
import type { ApiObject, KubernetesApi } from "../cluster/api.js";
import { Container } from "./container.js";
import type { Mount } from "./container-process.js";
import { environmentOf } from "./environment.js";
import type { Image } from "./images.js";
import type { PodNamespace, PodNetwork } from "./network/pod-network.js";
import { DOMAIN } from "./network/services.js";
import { podStatus } from "./pod-status.js";
import { makeVolume } from "./volumes.js";

/** A pod of the API that a node has. */
export interface PodObject extends ApiObject {
  readonly spec: IPodSpec & { readonly nodeName?: string };
  readonly status?: { readonly phase?: string };
}

/** What pods of all nodes share. */
export interface PodSurroundings {
  readonly api: KubernetesApi;
  readonly network: PodNetwork;
  readonly imageOf: (name: string) => Image | undefined;
  /** Folder for the folders of the pods. */
  readonly folder: string;
  /** Receives faults of the stand-in itself, and what it does not know. */
  readonly onFault: (error: Error) => void;
}

/** A pod that runs. */
export class RunningPod {
  readonly #object: PodObject;
  readonly #place: PodSurroundings;
  readonly #folder: string;
  readonly #startedAt = new Date().toISOString();
  readonly #started: Promise<void>;
  #containers: readonly { readonly spec: IContainer; readonly run: Container }[] = [];
  #namespace: PodNamespace | undefined;
  #publishing: Promise<void> = Promise.resolve();
  #isEnding = false;

  constructor(object: PodObject, place: PodSurroundings) {
    this.#object = object;
    this.#place = place;
    this.#folder = join(place.folder, `${object.metadata.name}-${object.metadata.uid}`);
    this.#started = this.#start().catch((error: Error) => place.onFault(error));
  }

  /** Ends the containers within the time of grace, and then deletes the pod. Safe to repeat. */
  async terminate(graceSeconds: number): Promise<void> {
    if (this.#isEnding) return;
    this.#isEnding = true;
    await this.#started;
    await Promise.all(this.#containers.map(({ run }) => run.stop(graceSeconds)));
    await this.#publishing;
    await this.#namespace?.release();
    await this.#place.api.remove(this.#path, this.#object.metadata.uid);
  }

  /** Ends the processes of the containers at once. Those of a living pod start again. */
  kill(): void {
    for (const { run } of this.#containers) run.kill();
  }

  /** Ends a pod that the API no longer has. */
  async abandon(): Promise<void> {
    await this.#started;
    if (!this.#isEnding) {
      this.#isEnding = true;
      await Promise.all(this.#containers.map(({ run }) => run.stop(0)));
      await this.#namespace?.release();
    }
  }

  /** A process in the network namespace of the pod; undefined before it has started. */
  get networkPid(): number | undefined {
    return this.#namespace?.pid;
  }

  /** Exit codes of the processes that ended last. */
  get exits(): readonly (number | undefined)[] {
    return this.#containers.map(({ run }) => run.state.lastExit);
  }

  get #path(): string {
    const { namespace, name } = this.#object.metadata;
    return `/api/v1/namespaces/${namespace}/pods/${name}`;
  }

  async #start(): Promise<void> {
    const { api, network } = this.#place;
    const { metadata, spec } = this.#object;
    mkdirSync(this.#folder, { recursive: true });
    this.#namespace = await network.addPod();
    const group = spec.securityContext?.fsGroup ?? 0;
    const account = spec.serviceAccountName ?? "default";
    const place = { api, namespace: String(metadata.namespace), folder: this.#folder, group, account };
    const volumes = new Map<string, string>();
    for (const volume of spec.volumes ?? []) volumes.set(volume.name, await makeVolume(volume, place));
    for (const container of spec.containers) {
      const run = await this.#startContainer(container, this.#namespace, volumes);
      this.#containers = [...this.#containers, { spec: container, run }];
    }
    this.#publish();
  }

  async #startContainer(
    container: IContainer,
    { address, pid }: PodNamespace,
    volumes: ReadonlyMap<string, string>,
  ): Promise<Container> {
    const { api, network, imageOf } = this.#place;
    const { metadata, spec } = this.#object;
    const namespace = String(metadata.namespace);
    const image = imageOf(container.image ?? "");
    if (image === undefined) throw new Error(`the stand-in has no image ${container.image}`);
    const fields = { "metadata.name": metadata.name, "metadata.namespace": namespace, "status.podIP": address };
    const { runAsUser = 0, runAsGroup = 0, fsGroup = runAsGroup } = spec.securityContext ?? {};
    const search = [`${namespace}.${DOMAIN}`, DOMAIN, "cluster.local"].join(" ");
    const settings = {
      folder: join(this.#folder, `container-${container.name}`),
      image,
      command: container.command && [...container.command, ...(container.args ?? [])],
      environment: await environmentOf(container, { api, namespace, fields }),
      mounts: mountsOf(container, volumes),
      user: { id: runAsUser, group: runAsGroup, fileGroup: fsGroup },
      networkPid: pid,
      resolver: `nameserver ${network.gateway}\nsearch ${search}\noptions ndots:5\n`,
    };
    return new Container(container, { settings, address, changed: () => this.#publish() });
  }

  /** Writes the status, one change after another. */
  #publish(): void {
    this.#publishing = this.#publishing.then(async () => {
      const containers = this.#containers.map(({ spec, run }) => ({ spec, state: run.state }));
      if (containers.length < this.#object.spec.containers.length) return;
      const address = this.#namespace?.address ?? "";
      const status = podStatus(containers, { address, host: this.#place.network.gateway, startedAt: this.#startedAt });
      // With the uid, the server refuses the status for another pod of this name.
      const metadata = { uid: this.#object.metadata.uid };
      // Ignored: the pod is gone, or the next change writes its status.
      await this.#place.api.patch(`${this.#path}/status`, { metadata, status }).catch(() => undefined);
    });
  }
}

function mountsOf({ volumeMounts = [] }: IContainer, volumes: ReadonlyMap<string, string>): readonly Mount[] {
  return volumeMounts.map(({ name, mountPath, subPath = "", readOnly = false }) => {
    const source = join(volumes.get(name) ?? "", subPath);
    return { source, target: mountPath, isReadOnly: readOnly, isFile: statSync(source).isFile() };
  });
}
