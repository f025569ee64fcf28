// What operators do to a cluster while a study runs, and what breaks there. One study goes through
// all of it, and its trials must be those of a study that ran in peace.

import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import type { RebuiltStudy } from "../chaos/log-check.js";
import { type Handover, handoversOf } from "./handovers.js";
import { missingForPods, NAMESPACE, type Pod, PodCluster } from "./pod-cluster.js";
import { assertNothingLost, PodStudies, TRIALS_MS } from "./pod-studies.js";

/** Trainers that end while no coordinator answers. */
const ENDED = 2;

const GRACE = "/spec/template/spec/terminationGracePeriodSeconds";

/** The base with times in which a slow machine, too, moves the coordinator to another node. */
const PATIENT = {
  namespace: NAMESPACE,
  resources: ["../k8s/base"],
  configMapGenerator: [
    { name: "coordinator-environment", behavior: "merge", literals: ["SINTONIA_LEASE_TTL_MS=120000"] },
    { name: "trainer-environment", behavior: "merge", literals: ["SINTONIA_DRAIN_MS=100000"] },
  ],
  patches: [
    {
      target: { kind: "Deployment", name: "trainers" },
      patch: JSON.stringify([{ op: "replace", path: GRACE, value: 140 }]),
    },
  ],
};

describe("a study in pods", { skip: missingForPods() }, () => {
  let cluster: PodCluster;
  let studies: PodStudies;
  let calm: RebuiltStudy;
  /** Trainers that steps have removed. */
  const removed: string[] = [];

  before(async () => {
    cluster = await PodCluster.start();
    await cluster.makeNamespace();
    await cluster.install(PATIENT);
    await cluster.ready("coordinator", 1);
    studies = new PodStudies(cluster);
    await studies.create("calm");
    await studies.completed("calm");
    calm = await studies.stop("calm");
    await studies.create("stormy");
    await busy(2);
  });
  after(() => cluster?.stop());

  it("goes on with six trainers after a scaling from two", async () => {
    await kubectl("scale", "deployment/trainers", "--replicas", "6");
    await busy(6);
  });

  it("goes on after a kill of the coordinator's process, which starts again", async () => {
    cluster.nodes.kill("coordinator-0");
    await cluster.until("the coordinator does not start again", async () => {
      const [pod] = await cluster.pods("coordinator");
      const restarts = pod?.status.containerStatuses?.[0]?.restartCount ?? 0;
      return restarts >= 1;
    });
    await cluster.ready("coordinator", 1);
    await busy(6);
  });

  it("goes on after a deletion of the coordinator's pod without grace", async () => {
    const [before] = await cluster.pods("coordinator");
    await kubectl("delete", "pod", "coordinator-0", "--grace-period", "0", "--force");
    await cluster.until("the coordinator gets no other pod", async () => {
      const [pod] = await cluster.pods("coordinator");
      return pod !== undefined && pod.metadata.uid !== before?.metadata.uid;
    });
    await cluster.ready("coordinator", 1);
    await busy(6);
  });

  it("goes on after a drain of a node with trainers, which evicts them", async () => {
    const others = [...(await cluster.pods("coordinator")), ...(await cluster.pods("nats"))].map(nodeOf);
    const node = (await cluster.pods("trainer")).map(nodeOf).find((name) => !others.includes(name));
    await removing(() => drain(String(node)));
    await busy(6);
  });

  it("goes on after a drain of the coordinator's node while trainers end without a coordinator", async () => {
    const [coordinator] = await cluster.pods("coordinator");
    const node = String(coordinator && nodeOf(coordinator));
    await removing(async () => {
      const names = (await cluster.pods("trainer")).filter((pod) => nodeOf(pod) !== node).map(nameOf);
      const drained = drain(node);
      await cluster.until("the coordinator does not end", async () => {
        const [pod] = await cluster.pods("coordinator");
        return pod?.metadata.uid !== coordinator?.metadata.uid;
      });
      await kubectl("delete", "pod", ...names.slice(0, ENDED), "--wait=false");
      await drained;
      await cluster.ready("coordinator", 1);
      await cluster.ready("trainer", 6);
    });
    await busy(6);
  });

  it("goes on after a rollout of a new image of the trainers", async () => {
    await removing(async () => {
      await kubectl("set", "image", "deployment/trainers", "trainer=sintonia-trainer:0.1.1");
      await kubectl("rollout", "status", "deployment/trainers", "--timeout", "180s");
      await cluster.ready("trainer", 6);
    });
    await busy(6);
  });

  it("goes on after a rollout of a new image of the coordinator", async () => {
    await kubectl("set", "image", "statefulset/coordinator", "coordinator=sintonia-coordinator:0.1.1");
    await kubectl("rollout", "status", "statefulset/coordinator", "--timeout", "180s");
    await busy(6);
  });

  it("goes on with two trainers after a scaling from six", async () => {
    await removing(async () => {
      await kubectl("scale", "deployment/trainers", "--replicas", "2");
      await cluster.ready("trainer", 2);
    });
    await busy(2);
  });

  describe("that went through all of this", () => {
    let stormy: RebuiltStudy;
    let handovers: readonly Handover[];
    before(async () => {
      const isAhead = ({ saved, resumed }: Handover): boolean => resumed < saved;
      const left = async (): Promise<boolean> => handoversIn(await studies.read("stormy")).some(isAhead);
      await cluster.until("trials of removed pods still wait", async () => !(await left()), TRIALS_MS);
      await studies.completed("stormy");
      stormy = await studies.stop("stormy");
      handovers = handoversIn(stormy);
    });

    it("has lost nothing: each trial is settled once, and has the values and curves of the study in peace", () => {
      assertNothingLost(calm, stormy);
    });

    it("got each trial of a removed pod back with a checkpoint of its last epoch, and resumed there", () => {
      // A removed trainer may complete its trial in its last moments, and then hands over none.
      const isOf = (pod: string) => (handover: Handover) => handover.trainerId.startsWith(`${pod}-`);
      const ofRemoved = removed.flatMap((pod) => handovers.filter(isOf(pod)));
      assert.ok(ofRemoved.length >= removed.length / 2, `${ofRemoved.length} trials of ${removed.length} pods`);
      for (const handover of ofRemoved) {
        const { isCounted, reported, saved, resumed } = handover;
        const expected = { isCounted: false, saved: reported, resumed: reported };
        assert.deepEqual({ isCounted, saved, resumed }, expected, JSON.stringify(handover));
      }
    });

    it("saw every removed pod end by itself within its time of grace", () => {
      for (const pod of removed) assert.deepEqual(cluster.nodes.exitsOf(pod), [0], pod);
    });
  });

  const busy = (count: number): Promise<void> => studies.busy("stormy", count);

  const kubectl = (...args: string[]): Promise<string> => cluster.kubectl.run(...args, "--namespace", NAMESPACE);

  /** Evicts the pods of a node. */
  async function drain(node: string): Promise<void> {
    await cluster.kubectl.run("drain", node, "--delete-emptydir-data", "--timeout", "180s");
    await cluster.ready("trainer", 6);
    assert.ok((await cluster.pods("trainer")).every((pod) => nodeOf(pod) !== node));
    await cluster.kubectl.run("uncordon", node);
  }

  /** Runs a step, and notes the trainers that it removes. */
  async function removing(run: () => Promise<void>): Promise<void> {
    const names = async (): Promise<string[]> => (await cluster.pods("trainer")).map(nameOf);
    const before = await names();
    await run();
    const after = new Set(await names());
    removed.push(...before.filter((name) => !after.has(name)));
  }
});

function nameOf({ metadata }: Pod): string {
  return metadata.name;
}

function nodeOf({ spec }: Pod): string | undefined {
  return spec.nodeName;
}

function handoversIn({ events }: RebuiltStudy): readonly Handover[] {
  return handoversOf(events.map(({ event }) => event));
}
