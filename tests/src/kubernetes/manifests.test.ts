// Every way to install deploy/k8s, and the Helm chart, on a real API server with its admission and
// its controllers. There are no nodes, so pods are made and wait.

import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { waitUntil } from "@sintonia/cli/system/waiting";
import { definitionFiles } from "@sintonia/scripts/go/definitions";
import { goPrograms, KUBERNETES } from "@sintonia/scripts/go/programs";
import { stringify } from "yaml";
import { missingHelm, template } from "../deploy/chart/helm.js";
import { INSTALLATIONS } from "../deploy/chart/installations.js";
import type { ApiObject } from "./cluster/api.js";
import { ControlPlane, missingParts } from "./cluster/control-plane.js";
import { Kubectl } from "./cluster/kubectl.js";
import { installations, Overlays } from "./cluster/overlays.js";

const programs = goPrograms(KUBERNETES);

/** A cluster of the person who runs the tests, instead of one of the tests' own. */
const given = process.env["SINTONIA_TEST_KUBECONFIG"];

/** Upper limit in ms for controllers to act. */
const ACT_MS = 120_000;
const APPLY = ["apply", "--server-side", "--validate=strict"] as const;

/** Returns why resources of other projects cannot be made; false if they can. */
function missingDefinitions(): string | false {
  if (given !== undefined) return "a given cluster gets no definitions of resources";
  return definitionFiles() === undefined
    ? "./scripts/test fetches the definitions where it finds Go; it has not"
    : false;
}

async function defineResources(kubectl: Kubectl): Promise<void> {
  const files = (definitionFiles() ?? []).flatMap((file) => ["--filename", file]);
  await kubectl.run("apply", "--server-side", ...files);
  await kubectl.run("wait", "--for", "condition=Established", "--timeout", `${ACT_MS}ms`, ...files);
}

interface Workload extends ApiObject {
  readonly spec: { readonly replicas: number };
}

interface Pod extends ApiObject {
  readonly status: { readonly phase: string };
}

interface Event extends ApiObject {
  readonly reason: string;
  readonly message: string;
}

describe("deploy/k8s on a real API server", { skip: given === undefined ? missingParts(programs) : false }, () => {
  let folder: string;
  let overlays: Overlays;
  let plane: ControlPlane | undefined;
  let kubectl: Kubectl;

  before(async () => {
    folder = mkdtempSync(join(tmpdir(), "sintonia-overlays-"));
    overlays = new Overlays(folder);
    if (given === undefined)
      plane = await ControlPlane.start({ programs: programs ?? "", serviceRange: "10.96.0.0/16" });
    const program = programs === undefined ? "kubectl" : join(programs, "kubectl");
    kubectl = new Kubectl(program, given ?? plane?.kubeconfig ?? "");
    if (missingDefinitions() === false) await defineResources(kubectl);
  });
  after(async () => {
    await plane?.stop();
    rmSync(folder, { recursive: true });
  });

  let count = 0;
  /** Makes a namespace as deploy/k8s/namespace does, with another name, for one test. */
  const makeNamespace = async (remove: (end: () => Promise<unknown>) => void): Promise<string> => {
    count += 1;
    const name = `sintonia-test-${process.pid}-${count}`;
    const patches = [
      { patch: stringify([{ op: "replace", path: "/metadata/name", value: name }]), target: { kind: "Namespace" } },
    ];
    const kustomization = overlays.write(`namespace-${count}`, { resources: ["../k8s/namespace"], patches });
    await kubectl.run(...APPLY, "--kustomize", kustomization);
    remove(() => kubectl.run("delete", "namespace", name, "--wait=false"));
    return name;
  };

  /** Waits until the controllers have made all pods of a namespace. Fails if one is refused. */
  const expectAllPods = async (namespace: string, signal: AbortSignal): Promise<void> => {
    const workloads = await kubectl.list<Workload>("deployments,statefulsets", "--namespace", namespace);
    const wanted = workloads.reduce((sum, { spec }) => sum + spec.replicas, 0);
    assert.ok(workloads.length >= 3, String(workloads.length));
    const check = async (): Promise<boolean> => {
      const events = await kubectl.list<Event>("events", "--namespace", namespace);
      const refused = events.filter(({ reason }) => reason === "FailedCreate");
      assert.deepEqual(
        refused.map(({ message }) => message),
        [],
      );
      return (await kubectl.list<Pod>("pods", "--namespace", namespace)).length === wanted;
    };
    await waitUntil(check, { signal, timeoutMs: ACT_MS, what: `there are not ${wanted} pods` });
  };

  for (const [title, { kustomization: content, isForeign }] of Object.entries(installations())) {
    const skip = isForeign && missingDefinitions();
    it(`makes all pods of ${title} under the restricted standard`, { skip }, async (context) => {
      const namespace = await makeNamespace((end) => context.after(end));
      const kustomization = overlays.write(`test-${count}`, { ...content, namespace });
      await kubectl.run(...APPLY, "--kustomize", kustomization);
      await expectAllPods(namespace, context.signal);
    });
  }

  for (const title of ["base", "overlay laptop", "overlay cpu", "overlay production", "base with network policies"]) {
    it(`makes all pods of the Helm chart as the ${title}`, { skip: missingHelm() }, async (context) => {
      const namespace = await makeNamespace((end) => context.after(end));
      const file = join(folder, `${namespace}.yaml`);
      writeFileSync(file, template({ ...INSTALLATIONS[title]?.release, namespace }));
      await kubectl.run(...APPLY, "--filename", file);
      await expectAllPods(namespace, context.signal);
    });
  }

  it("refuses a pod outside the restricted standard, so that the test above can fail", async (context) => {
    const namespace = await makeNamespace((end) => context.after(end));
    const args = ["run", "root", "--namespace", namespace, "--image", "sintonia-trainer"];
    await assert.rejects(kubectl.run(...args), /violates PodSecurity "restricted:latest": allowPrivilegeEscalation/);
  });

  it("refuses an unknown field, so that the test above can fail", async (context) => {
    const namespace = await makeNamespace((end) => context.after(end));
    const file = join(folder, "typo.yaml");
    const spec = { ports: [{ port: 1, tragetPort: 1 }] };
    writeFileSync(file, stringify({ apiVersion: "v1", kind: "Service", metadata: { name: "typo" }, spec }));
    await assert.rejects(kubectl.run(...APPLY, "--namespace", namespace, "--filename", file), /tragetPort/);
  });

  it("deletes what it made, and keeps the claims of the volumes", async (context) => {
    const namespace = await makeNamespace((end) => context.after(end));
    const kustomization = overlays.write(`deleted-${count}`, { resources: ["../k8s/base"], namespace });
    await kubectl.run(...APPLY, "--kustomize", kustomization);
    const claims = (): Promise<readonly ApiObject[]> => kubectl.list("pvc", "--namespace", namespace);
    const both = async (): Promise<boolean> => (await claims()).length === 2;
    await waitUntil(both, { signal: context.signal, timeoutMs: ACT_MS, what: "there are not two claims" });
    await kubectl.run("delete", "--wait=false", "--kustomize", kustomization);
    const gone = async (): Promise<boolean> =>
      (await kubectl.list("deployments,statefulsets,services", "--namespace", namespace)).length === 0;
    await waitUntil(gone, { signal: context.signal, timeoutMs: ACT_MS, what: "the programs are not deleted" });
    assert.equal((await claims()).length, 2);
    await kubectl.run("get", "namespace", namespace);
  });
});
