import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { waitUntil } from "@sintonia/cli/system/waiting";
import { definitionFiles } from "@sintonia/scripts/go/definitions";
import { goPrograms, KUBERNETES } from "@sintonia/scripts/go/programs";
import { stringify } from "yaml";
import type { ApiObject } from "./api.js";
import { ControlPlane, missingParts } from "./control-plane.js";
import { Kubectl } from "./kubectl.js";
import { Overlays } from "./overlays.js";

/** Arguments of kubectl that apply objects as the server validates them. */
export const APPLY = ["apply", "--server-side", "--validate=strict"] as const;

/** A cluster of the person who runs the tests, instead of one of the tests' own. */
const given = process.env["SINTONIA_TEST_KUBECONFIG"];
const programs = goPrograms(KUBERNETES);

/** Upper limit in ms for controllers to act. */
const ACT_MS = 120_000;

interface Workload extends ApiObject {
  readonly spec: { readonly replicas: number };
}

interface Event extends ApiObject {
  readonly reason: string;
  readonly message: string;
}

/** Registers work for the end of a test. */
type AtEnd = (work: () => Promise<unknown>) => void;

/** Returns why there is no cluster for tests; false if there is one. */
export function missingCluster(): string | false {
  return given === undefined ? missingParts(programs) : false;
}

/** Returns why resources of other projects cannot be made; false if they can. */
export function missingDefinitions(): string | false {
  if (given !== undefined) return "a given cluster gets no definitions of resources";
  const isMissing = definitionFiles() === undefined;
  return isMissing ? "./scripts/test fetches the definitions where it finds Go; it has not" : false;
}

/** A cluster without nodes: pods are made, and wait. Each test has a namespace of its own. */
export class TestCluster {
  readonly overlays: Overlays;
  readonly kubectl: Kubectl;
  readonly kubeconfig: string;
  /** Folder for files of the tests. */
  readonly folder: string;
  readonly #plane: ControlPlane | undefined;
  #count = 0;

  private constructor(plane: ControlPlane | undefined) {
    this.#plane = plane;
    this.folder = mkdtempSync(join(tmpdir(), "sintonia-overlays-"));
    this.overlays = new Overlays(this.folder);
    this.kubeconfig = given ?? plane?.kubeconfig ?? "";
    this.kubectl = new Kubectl(programs === undefined ? "kubectl" : join(programs, "kubectl"), this.kubeconfig);
  }

  /**
   * Starts a control plane, unless a cluster is given.
   *
   * @param serviceRange - addresses of services that no other test uses at the same time
   */
  static async start(serviceRange: string): Promise<TestCluster> {
    const options = { programs: programs ?? "", serviceRange };
    return new TestCluster(given === undefined ? await ControlPlane.start(options) : undefined);
  }

  async stop(): Promise<void> {
    await this.#plane?.stop();
    rmSync(this.folder, { recursive: true });
  }

  /** Makes known the resources of other projects. */
  async define(files: readonly string[]): Promise<void> {
    const args = files.flatMap((file) => ["--filename", file]);
    await this.kubectl.run("apply", "--server-side", ...args);
    await this.kubectl.run("wait", "--for", "condition=Established", "--timeout", `${ACT_MS}ms`, ...args);
  }

  /** Makes a namespace as deploy/k8s/namespace does, with another name, for one test. */
  async makeNamespace(atEnd: AtEnd): Promise<string> {
    this.#count += 1;
    const name = `sintonia-test-${process.pid}-${this.#count}`;
    const patch = stringify([{ op: "replace", path: "/metadata/name", value: name }]);
    const patches = [{ patch, target: { kind: "Namespace" } }];
    const folder = this.overlays.write(`namespace-of-${name}`, { resources: ["../k8s/namespace"], patches });
    await this.kubectl.run(...APPLY, "--kustomize", folder);
    atEnd(() => this.kubectl.run("delete", "namespace", name, "--wait=false"));
    return name;
  }

  /** Waits until the controllers have made all pods of a namespace. Fails if one is refused. */
  async expectAllPods(namespace: string, signal: AbortSignal): Promise<void> {
    const workloads = await this.#list<Workload>("deployments,statefulsets", namespace);
    const wanted = workloads.reduce((sum, { spec }) => sum + spec.replicas, 0);
    assert.ok(workloads.length >= 3, String(workloads.length));
    const check = async (): Promise<boolean> => {
      const events = await this.#list<Event>("events", namespace);
      const refused = events.filter(({ reason }) => reason === "FailedCreate");
      assert.deepEqual(
        refused.map(({ message }) => message),
        [],
      );
      return (await this.#list("pods", namespace)).length === wanted;
    };
    await waitUntil(check, { signal, timeoutMs: ACT_MS, what: `there are not ${wanted} pods` });
  }

  /** Waits until a namespace has a number of claims of volumes. */
  async expectClaims(namespace: string, count: number, signal: AbortSignal): Promise<void> {
    const check = async (): Promise<boolean> => (await this.#list("pvc", namespace)).length === count;
    await waitUntil(check, { signal, timeoutMs: ACT_MS, what: `there are not ${count} claims` });
  }

  /** Waits until a namespace has no programs any more. */
  async expectNoPrograms(namespace: string, signal: AbortSignal): Promise<void> {
    const kinds = "deployments,statefulsets,services";
    const check = async (): Promise<boolean> => (await this.#list(kinds, namespace)).length === 0;
    await waitUntil(check, { signal, timeoutMs: ACT_MS, what: "the programs are not deleted" });
  }

  async #list<T extends ApiObject>(kinds: string, namespace: string): Promise<readonly T[]> {
    return await this.kubectl.list<T>(kinds, "--namespace", namespace);
  }
}
