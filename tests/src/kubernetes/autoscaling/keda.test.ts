// The component `keda` on a real KEDA, a real Prometheus and the real autoscaler: trainers follow
// the work from none to as many as it can use, and back.

import { after, before, describe, it } from "node:test";
import { stringify } from "yaml";
import type { ApiObject } from "../cluster/api.js";
import { NAMESPACE } from "../pod-cluster.js";
import { Keda, missingKeda } from "./keda.js";
import { missingForScaling, PARALLEL, ScaledTrainers, shortSpec, TRIALS } from "./scaled-trainers.js";

interface ScaledObject extends ApiObject {
  readonly status?: { readonly conditions?: readonly { readonly type: string; readonly status: string }[] };
}

/** A patch that sets the address of Prometheus, and shorter intervals. */
const scaledObject = (serverAddress: string): object => ({
  target: { kind: "ScaledObject", name: "trainers" },
  patch: stringify([
    { op: "replace", path: "/spec/triggers/0/metadata/serverAddress", value: serverAddress },
    { op: "replace", path: "/spec/cooldownPeriod", value: 5 },
    { op: "add", path: "/spec/pollingInterval", value: 1 },
  ]),
});

describe("trainers that KEDA scales", { skip: missingForScaling() || missingKeda() }, () => {
  let trainers: ScaledTrainers;
  let keda: Keda;

  before(async () => {
    trainers = await ScaledTrainers.start();
    keda = await Keda.start(trainers.cluster);
    await trainers.scaleBy("keda", [scaledObject(trainers.prometheus.url)]);
  });
  after(async () => {
    await keda?.stop();
    await trainers?.stop();
  });

  const check = (): void => keda.assertRuns();
  const until = (count: number): Promise<void> => trainers.until(count, check);

  it("are none without work", () => until(0));

  it("are as many as a study can use at once", () => trainers.beginLong(check));

  it("are fewer when fewer trials are left, and no trial leaves its trainer", () => trainers.endLong(0, check));

  it("are there again for the next study", async () => {
    await trainers.create(shortSpec("next"));
    await until(PARALLEL);
  });

  it("stay when Prometheus does not answer", async () => {
    await trainers.prometheus.stop();
    await trainers.cluster.until("KEDA does not notice", async () => !(await isScalerReady()));
    await trainers.completed("next", TRIALS);
    await until(PARALLEL);
  });

  async function isScalerReady(): Promise<boolean> {
    const scaledObjects = await trainers.cluster.kubectl.list<ScaledObject>("scaledobjects", "--namespace", NAMESPACE);
    const conditions = scaledObjects[0]?.status?.conditions ?? [];
    return conditions.some(({ type, status }) => type === "Ready" && status === "True");
  }
});
