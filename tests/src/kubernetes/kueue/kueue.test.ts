// The component `kueue` on a real Kueue: its quota decides how many trainers run.

import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { parseAllDocuments } from "yaml";
import { ROOT } from "../../deploy/repository.js";
import { assertAllCompleted, type Results, SMALL_SPEC } from "../../support/cli.js";
import type { ApiObject } from "../cluster/api.js";
import { handoversOf } from "../handovers.js";
import { isReady, missingForPods, NAMESPACE, type Pod, PodCluster } from "../pod-cluster.js";
import { PodStudies } from "../pod-studies.js";
import { Kueue, missingKueue } from "./kueue.js";

/** Trainers that the quota of docs/kubernetes.md has room for. */
const ADMITTED = 2;
/** Epochs of trials that last for minutes: a removed trainer is in the middle of one. */
const LONG = 10_000;
const TRAINERS = ["--selector", "app.kubernetes.io/name=trainer"] as const;
const GATE = "kueue.x-k8s.io/admission";

interface Deployment extends ApiObject {
  readonly spec: { readonly template: { readonly spec: object } };
}

interface GatedPod extends Pod {
  readonly spec: Pod["spec"] & { readonly schedulingGates?: readonly { readonly name: string }[] };
}

/** What Kueue decides on: here a pod. */
interface Workload extends ApiObject {
  readonly metadata: ApiObject["metadata"] & { readonly ownerReferences: readonly { readonly name: string }[] };
  readonly status?: {
    readonly conditions?: readonly { readonly type: string; readonly status: string; readonly message: string }[];
  };
}

/** Returns the queue that docs/kubernetes.md gives the trainers. */
function documentedQueue(): readonly ApiObject[] {
  const document = readFileSync(join(ROOT, "docs/kubernetes.md"), "utf8");
  const [, objects = ""] = /```yaml\n# The queue of the trainers\n([^`]+)```/.exec(document) ?? [];
  return parseAllDocuments(objects).map((object) => object.toJS() as ApiObject);
}

/** The base with the component and a number of trainers. */
const trainers = (count: number, components = ["../k8s/components/kueue"]): object => ({
  namespace: NAMESPACE,
  resources: ["../k8s/base"],
  components,
  replicas: [{ name: "trainers", count }],
});

describe("trainers in a queue of Kueue", { skip: missingForPods() || missingKueue() }, () => {
  let cluster: PodCluster;
  let kueue: Kueue;

  before(async () => {
    cluster = await PodCluster.start();
    await cluster.makeNamespace();
    kueue = await Kueue.start(cluster);
    for (const object of documentedQueue()) await cluster.kubectl.apply(object);
    await cluster.install(trainers(ADMITTED + 1));
  });
  after(async () => {
    await kueue?.stop();
    await cluster?.stop();
  });

  it("run as far as the quota has room, and the next one waits for it", async () => {
    await running(ADMITTED, ADMITTED + 1);
    const waiting = (await pods()).filter(isGated);
    assert.deepEqual(
      waiting.map(({ spec }) => spec.nodeName),
      [undefined],
    );
    await until("Kueue does not refuse the third trainer", async () => {
      const workload = (await workloads()).find(({ metadata }) => ownerOf(metadata) === waiting[0]?.metadata.name);
      const reserved = workload?.status?.conditions?.find(({ type }) => type === "QuotaReserved");
      return reserved?.status === "False" && reserved.message.includes("insufficient unused quota");
    });
  });

  it("are all that the queue has, without NATS and the coordinator", async () => {
    await cluster.ready("nats", 1);
    await cluster.ready("coordinator", 1);
    const owners = (await workloads()).map(({ metadata }) => ownerOf(metadata));
    assert.deepEqual(owners.toSorted(), (await pods()).map(({ metadata }) => metadata.name).toSorted());
  });

  it("complete a study", async () => {
    const spec = join(cluster.folder, "small.yaml");
    writeFileSync(spec, SMALL_SPEC);
    await cluster.sintonia("create", spec);
    const results = JSON.parse(await cluster.sintonia("watch", "small", "--json")) as Results;
    assertAllCompleted(results, 3);
    const admitted = (await pods()).filter((pod) => !isGated(pod)).map(({ metadata }) => `${metadata.name}-`);
    for (const { trainer } of results.trials)
      assert.ok(
        admitted.some((name) => trainer.startsWith(name)),
        trainer,
      );
  });

  it("make room for a pod of a higher priority, and give their trials back", async () => {
    const studies = new PodStudies(cluster);
    await studies.create("interrupted", LONG);
    await studies.busy("interrupted", ADMITTED);
    const before = (await pods()).filter((pod) => !isGated(pod)).map(({ metadata }) => metadata.name);
    await cluster.kubectl.apply(await urgentPod());
    await running(ADMITTED - 1, ADMITTED + 1);
    await until("the pod of a higher priority does not run", async () => isReady(await urgent()));
    const handovers = handoversOf((await studies.stop("interrupted")).events.map(({ event }) => event));
    const left = (await pods()).map(({ metadata }) => metadata.name);
    assert.equal(handovers.length, 1, JSON.stringify(handovers));
    for (const { trainerId, isCounted, reported, saved } of handovers) {
      const gone = before.filter((name) => !left.includes(name));
      assert.ok(gone.length === 1 && trainerId.startsWith(`${gone[0]}-`), trainerId);
      assert.deepEqual({ isCounted, saved }, { isCounted: false, saved: reported });
    }
    await cluster.kubectl.run("delete", "pod", "urgent", "--namespace", NAMESPACE, "--wait=false");
    await running(ADMITTED, ADMITTED + 1);
  });

  it("run when the quota grows", async () => {
    const quota = (resource: number, value: string): object => {
      const path = `/spec/resourceGroups/0/flavors/0/resources/${resource}/nominalQuota`;
      return { op: "replace", path, value };
    };
    const patch = JSON.stringify([quota(0, "2"), quota(1, "2Gi")]);
    await cluster.kubectl.run("patch", "clusterqueue", "tuning", "--type", "json", "--patch", patch);
    await running(ADMITTED + 1, ADMITTED + 1);
  });

  it("cannot leave the queue while they run", async () => {
    await assert.rejects(
      cluster.install(trainers(ADMITTED + 1, [])),
      /queue-name\]: Invalid value: "": field is immutable/,
    );
  });

  const urgent = async (): Promise<Pod> =>
    JSON.parse(await cluster.kubectl.run("get", "pod", "urgent", "--namespace", NAMESPACE, "--output", "json"));

  /** Returns a pod of the queue: a trainer with the priority of the coordinator. */
  async function urgentPod(): Promise<object> {
    const [deployment] = await cluster.kubectl.list<Deployment>("deployments", "--namespace", NAMESPACE, ...TRAINERS);
    const labels = { "kueue.x-k8s.io/queue-name": "trainers" };
    const spec = { ...deployment?.spec.template.spec, priorityClassName: "sintonia-core" };
    return { apiVersion: "v1", kind: "Pod", metadata: { name: "urgent", namespace: NAMESPACE, labels }, spec };
  }

  const pods = async (): Promise<readonly GatedPod[]> => await cluster.pods("trainer");

  const workloads = (): Promise<readonly Workload[]> => cluster.kubectl.list("workloads", "--namespace", NAMESPACE);

  async function until(what: string, condition: () => Promise<boolean>): Promise<void> {
    await cluster.until(what, async () => {
      kueue.assertRuns();
      return await condition();
    });
  }

  /** Waits until `count` of `all` pods of trainers are ready, and the others wait for Kueue. */
  async function running(count: number, all: number): Promise<void> {
    await until(`not ${count} of ${all} trainers run`, async () => {
      const found = await pods();
      const ready = found.filter((pod) => isReady(pod) && !isGated(pod));
      return found.length === all && ready.length === count && found.filter(isGated).length === all - count;
    });
  }
});

function isGated({ spec }: GatedPod): boolean {
  return spec.schedulingGates?.some(({ name }) => name === GATE) ?? false;
}

function ownerOf({ ownerReferences }: Workload["metadata"]): string | undefined {
  return ownerReferences[0]?.name;
}
