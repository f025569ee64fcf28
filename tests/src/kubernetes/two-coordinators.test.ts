// Two coordinators in pods, of which one leads: what an operator does to them while a study runs.

import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import type { RebuiltStudy } from "../chaos/log-check.js";
import { ApiError } from "./cluster/api.js";
import { isReady, missingForPods, NAMESPACE, type Pod, PodCluster } from "./pod-cluster.js";
import { assertNothingLost, PodStudies } from "./pod-studies.js";

/** Status of an eviction that the disruption budget forbids for now. */
const TOO_MANY_REQUESTS = 429;

describe("a study in pods with two coordinators", { skip: missingForPods() }, () => {
  let cluster: PodCluster;
  let studies: PodStudies;
  let calm: RebuiltStudy;

  before(async () => {
    cluster = await PodCluster.start();
    studies = new PodStudies(cluster);
    await cluster.makeNamespace();
    await cluster.install({ resources: ["../k8s/base"], components: ["../k8s/components/jetstream"] });
    await cluster.ready("coordinator", 2);
    await studies.create("calm");
    await studies.completed("calm");
    calm = await studies.stop("calm");
    await studies.create("stormy");
    await busy();
  });
  after(() => cluster?.stop());

  const busy = (): Promise<void> => studies.busy("stormy", 2);
  const kubectl = (...args: string[]): Promise<string> => cluster.kubectl.run(...args, "--namespace", NAMESPACE);
  const coordinators = (): Promise<readonly Pod[]> => cluster.pods("coordinator");

  it("goes on after a rollout of a new image, in which a coordinator is ready at each moment", async () => {
    const before = await coordinators();
    const leastReady = await cluster.leastReady("coordinator", async () => {
      await kubectl("set", "image", "deployment/coordinator", "coordinator=sintonia-coordinator:0.1.1");
      await kubectl("rollout", "status", "deployment/coordinator", "--timeout", "300s");
    });
    assert.ok(leastReady >= 1, `${leastReady} coordinators were ready`);
    await cluster.ready("coordinator", 2);
    const images = (await coordinators()).map(({ spec }) => spec.containers[0]?.image);
    assert.deepEqual(images, Array(2).fill("sintonia-coordinator:0.1.1"));
    assert.ok(before.every(({ metadata }) => cluster.nodes.exitsOf(metadata.name).every((code) => code === 0)));
    await busy();
  });

  it("is drained from a second node only when another coordinator is ready", async () => {
    const [first, second] = (await coordinators()).map(({ metadata }) => metadata.name);
    const nodes = ["node-a", "node-b", "node-c"];
    // Nowhere to go: the pod in place of the evicted one waits for a node.
    await kubectl("cordon", ...nodes);
    await cluster.evict(String(first));
    await cluster.until("the evicted coordinator does not end", async () => (await ready()).length === 1);
    await assert.rejects(cluster.evict(String(second)), /disruption budget/);
    await kubectl("uncordon", ...nodes);
    await cluster.ready("coordinator", 2);
    await cluster.until("the second coordinator cannot be evicted", () => isEvicted(String(second)));
    await cluster.until("the second coordinator is not replaced", async () => {
      const names = (await ready()).map(({ metadata }) => metadata.name);
      return names.length === 2 && !names.includes(String(second));
    });
    await busy();
  });

  it("has lost nothing: each trial is settled once, and has the values and curves of the study in peace", async () => {
    await studies.completed("stormy");
    assertNothingLost(calm, await studies.stop("stormy"));
  });

  /** Evicts a pod. Returns false if the disruption budget has not seen all ready pods yet. */
  async function isEvicted(name: string): Promise<boolean> {
    try {
      await cluster.evict(name);
      return true;
    } catch (error) {
      if (error instanceof ApiError && error.status === TOO_MANY_REQUESTS) return false;
      throw error;
    }
  }

  async function ready(): Promise<readonly Pod[]> {
    return (await coordinators()).filter(isReady);
  }
});
