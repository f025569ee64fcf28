// The component `keda` on a real KEDA, a real Prometheus and the real autoscaler: trainers follow
// the work from none to as many as it can use, and back.

import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { goPrograms, PROMETHEUS } from "@sintonia/scripts/go/programs";
import { stringify } from "yaml";
import { PROGRAMS_MISSING } from "../../monitoring/alert-rules.js";
import { PrometheusServer } from "../../monitoring/prometheus-server.js";
import { assertAllCompleted, type Results, SMALL_SPEC } from "../../support/cli.js";
import type { ApiObject } from "../cluster/api.js";
import { missingForPods, NAMESPACE, PodCluster } from "../pod-cluster.js";
import { Keda, missingKeda } from "./keda.js";

const prometheusPrograms = goPrograms(PROMETHEUS);
const missing = missingForPods() || missingKeda() || (prometheusPrograms === undefined && PROGRAMS_MISSING);

/** Two trials are left when the first three have ended. */
const TRIALS = 5;
const PARALLEL = 3;

interface ScaledObject extends ApiObject {
  readonly status?: { readonly conditions?: readonly { readonly type: string; readonly status: string }[] };
}

const kustomization = (...components: string[]): object => ({
  namespace: NAMESPACE,
  resources: ["../k8s/base"],
  components: components.map((name) => `../k8s/components/${name}`),
});

/** A patch that sets the address of Prometheus, and shorter intervals. */
const scaledObject = (serverAddress: string): object => ({
  target: { kind: "ScaledObject", name: "trainers" },
  patch: stringify([
    { op: "replace", path: "/spec/triggers/0/metadata/serverAddress", value: serverAddress },
    { op: "replace", path: "/spec/cooldownPeriod", value: 5 },
    { op: "add", path: "/spec/pollingInterval", value: 1 },
  ]),
});

describe("trainers that KEDA scales", { skip: missing }, () => {
  let cluster: PodCluster;
  let keda: Keda;
  let prometheus: PrometheusServer;

  before(async () => {
    cluster = await PodCluster.start();
    await cluster.makeNamespace();
    await cluster.install(kustomization("idle-first"));
    await cluster.ready("coordinator", 1);
    prometheus = await PrometheusServer.start({
      programs: prometheusPrograms ?? "",
      folder: cluster.folder,
      targets: { coordinator: [`${await cluster.podAddress("coordinator")}:9464`] },
      labels: { namespace: NAMESPACE },
    });
    keda = await Keda.start(cluster);
    await cluster.install({ ...kustomization("idle-first", "keda"), patches: [scaledObject(prometheus.url)] });
  });
  after(async () => {
    await keda?.stop();
    await prometheus?.stop();
    await cluster?.stop();
  });

  it("has none without work", () => trainers(0));

  it("has as many as a study can use at once", async () => {
    const spec = SMALL_SPEC.replace(
      "budget: { maxTrials: 3 }",
      `budget: { maxTrials: ${TRIALS}, parallelTrials: ${PARALLEL} }`,
    );
    const file = join(cluster.folder, "small.yaml");
    writeFileSync(file, spec.replace("maxEpochs: 2", "maxEpochs: 150"));
    await cluster.sintonia("create", file);
    await trainers(PARALLEL);
  });

  it("removes an idle one when fewer trials are left, and no trial leaves its trainer", async () => {
    await trainers(TRIALS - PARALLEL);
    const results = JSON.parse(await cluster.sintonia("watch", "small", "--json")) as Results;
    assertAllCompleted(results, TRIALS);
    await trainers(0);
    const leases = (await eventsOf("small")).filter(({ type }) => type === "lease-granted");
    assert.equal(leases.length, TRIALS);
  });

  it("has one again for the next study", async () => {
    const file = join(cluster.folder, "next.yaml");
    writeFileSync(file, SMALL_SPEC.replace("name: small", "name: next").replace("maxEpochs: 2", "maxEpochs: 100"));
    await cluster.sintonia("create", file);
    await trainers(3);
  });

  it("keeps them when Prometheus does not answer", async () => {
    await prometheus.stop();
    await cluster.until("KEDA does not notice", async () => !(await isScalerReady()));
    assertAllCompleted(JSON.parse(await cluster.sintonia("watch", "next", "--json")) as Results, 3);
    await trainers(3);
  });

  async function trainers(count: number): Promise<void> {
    await cluster.until(`there are not ${count} trainers`, async () => {
      keda.assertRuns();
      return (await cluster.pods("trainer")).length === count;
    });
  }

  async function eventsOf(studyId: string): Promise<readonly { readonly type: string }[]> {
    const document = JSON.parse(await cluster.sintonia("events", studyId, "--json"));
    return (document as { readonly events: { readonly type: string }[] }).events;
  }

  async function isScalerReady(): Promise<boolean> {
    const [scaledObject] = await cluster.kubectl.list<ScaledObject>("scaledobjects", "--namespace", NAMESPACE);
    return scaledObject?.status?.conditions?.some(({ type, status }) => type === "Ready" && status === "True") ?? false;
  }
});
