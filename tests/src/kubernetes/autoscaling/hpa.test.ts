// The component `hpa` on the autoscaler of Kubernetes and a real Prometheus. A stand-in for the
// adapter between them follows the rule that docs/kubernetes.md gives to prometheus-adapter.

import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { ROOT } from "../../deploy/repository.js";
import type { ApiObject } from "../cluster/api.js";
import { NAMESPACE } from "../pod-cluster.js";
import { AdapterStandIn, documentedRule } from "./adapter-stand-in.js";
import { passOnExternalMetrics } from "./external-api.js";
import { missingForScaling, PARALLEL, ScaledTrainers, shortSpec, TRIALS } from "./scaled-trainers.js";

interface Autoscaler extends ApiObject {
  readonly status?: { readonly conditions?: readonly { readonly type: string; readonly status: string }[] };
}

describe("trainers that the autoscaler of Kubernetes scales", { skip: missingForScaling() }, () => {
  let trainers: ScaledTrainers;
  let adapter: AdapterStandIn;

  before(async () => {
    trainers = await ScaledTrainers.start();
    adapter = await AdapterStandIn.start(documentedRule(join(ROOT, "docs/kubernetes.md")), trainers.prometheus);
    await passOnExternalMetrics(trainers.cluster.kubectl, NAMESPACE, adapter.port);
    await trainers.scaleBy("hpa");
  });
  after(async () => {
    await adapter?.stop();
    await trainers?.stop();
  });

  it("are one without work", () => trainers.until(1));

  it("are as many as a study can use at once", () => trainers.beginLong());

  it("are fewer when fewer trials are left, and no trial leaves its trainer", () => trainers.endLong(1));

  it("stay when Prometheus does not answer", async () => {
    await trainers.create(shortSpec("next"));
    await trainers.until(PARALLEL);
    await trainers.prometheus.stop();
    await trainers.cluster.until("the autoscaler does not notice", async () => !(await isActive()));
    await trainers.completed("next", TRIALS);
    await trainers.until(PARALLEL);
  });

  async function isActive(): Promise<boolean> {
    const autoscalers = await trainers.cluster.kubectl.list<Autoscaler>("hpa", "--namespace", NAMESPACE);
    const conditions = autoscalers[0]?.status?.conditions ?? [];
    return conditions.some(({ type, status }) => type === "ScalingActive" && status === "True");
  }
});
