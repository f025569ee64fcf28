// What operators do to a cluster while a study runs, and what breaks there. One study goes through
// all of it, and its trials must be those of a study that ran in peace.

import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { type Trial, TrialState } from "@sintonia/proto/sintonia/v1/study";
import { connectAdminService } from "@sintonia/runtime/grpc/client";
import { problemsOfLog, type RebuiltStudy, rebuildStudy, resultsOf } from "../chaos/log-check.js";
import type { AdminClient } from "../support/service-process.js";
import { type Handover, handoversOf } from "./handovers.js";
import { isReady, missingForPods, NAMESPACE, type Pod, PodCluster } from "./pod-cluster.js";

/** Trials that must be completed and equal in both studies. */
const COMPARED = 6;
/** Trainers that end while no coordinator answers. */
const ENDED = 2;
/** Upper limit of a wait for trials in ms. */
const TRIALS_MS = 400_000;

/**
 * The random oracle suggests the same values whatever happens. The study has work for all steps on
 * any machine, and is stopped after them.
 */
const specOf = (name: string): string => `
name: ${name}
dataset: { name: mnist, split: { train: [0, 5000], validation: [50000, 51000] } }
objective: { metric: val_accuracy, goal: maximize }
budget: { maxTrials: 1000 }
seed: 23
oracle: { type: random }
parameters:
  stddev: { type: double, min: 0.01, max: 0.10 }
model:
  layers:
    - { units: 64, activation: relu, kernelInitializer: { type: RandomNormal, stddev: $stddev } }
    - { units: 10, activation: softmax }
training:
  optimizer: { type: adam, learningRate: 0.00168 }
  loss: categorical_crossentropy
  batchSize: 256
  maxEpochs: 100
  callbacks: []
`;

describe("a study in pods", { skip: missingForPods() }, () => {
  let cluster: PodCluster;
  let calm: RebuiltStudy;
  /** Trainers that steps have removed. */
  const removed: string[] = [];

  before(async () => {
    cluster = await PodCluster.start();
    await cluster.makeNamespace();
    await cluster.install({ resources: ["../k8s/base"] });
    await cluster.ready("coordinator", 1);
    await create("calm");
    await completed("calm");
    calm = await stop("calm");
    await create("stormy");
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
      return pod?.status.containerStatuses?.[0]?.restartCount === 1;
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
      const drained = drain(node);
      await cluster.until("the coordinator does not end", async () => {
        const [pod] = await cluster.pods("coordinator");
        return pod?.metadata.uid !== coordinator?.metadata.uid;
      });
      const others = (await cluster.pods("trainer")).filter((pod) => nodeOf(pod) !== node && isReady(pod));
      const names = others.slice(0, ENDED).map(({ metadata }) => metadata.name);
      await kubectl("delete", "pod", ...names, "--wait=false");
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
      const left = async (): Promise<boolean> => handoversIn(await read("stormy")).some(isAhead);
      await cluster.until("trials of removed pods still wait", async () => !(await left()), TRIALS_MS);
      await completed("stormy");
      stormy = await stop("stormy");
      handovers = handoversIn(stormy);
    });

    it("has lost nothing: each trial is settled once, and has the values and curves of the study in peace", () => {
      assert.deepEqual(problemsOfLog(stormy.events.map(({ event }) => event)), []);
      const [expected, actual] = [calm, stormy].map(({ study }) =>
        resultsOf(study).trials.filter(({ state }) => state === "completed"),
      );
      const both = expected?.filter(({ id }) => actual?.some((trial) => trial.id === id)) ?? [];
      assert.ok(both.length >= COMPARED);
      for (const trial of both)
        assert.deepEqual(
          actual?.find(({ id }) => id === trial.id),
          trial,
        );
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
    const names = async (): Promise<string[]> => (await cluster.pods("trainer")).map(({ metadata }) => metadata.name);
    const before = await names();
    await run();
    const after = new Set(await names());
    removed.push(...before.filter((name) => !after.has(name)));
  }

  async function withAdmin<T>(use: (client: AdminClient) => Promise<T>): Promise<T> {
    const { client, close } = connectAdminService(await cluster.addressOf("coordinator"));
    try {
      return await use(client);
    } finally {
      close();
    }
  }

  async function create(name: string): Promise<void> {
    const file = join(cluster.folder, `${name}.yaml`);
    writeFileSync(file, specOf(name));
    await cluster.sintonia("create", file);
  }

  /** Waits until the first trials of a study are completed. */
  async function completed(studyId: string): Promise<void> {
    await cluster.until(`the first trials of ${studyId} are not completed`, () => hasCompleted(studyId), TRIALS_MS);
  }

  async function hasCompleted(studyId: string): Promise<boolean> {
    const { trials } = await withAdmin((client) => client.listTrials({ studyId }));
    const first = trials.slice(0, COMPARED);
    return first.length === COMPARED && first.every(({ state }) => state === TrialState.COMPLETED);
  }

  /** Stops a study, and waits for its end. */
  async function stop(studyId: string): Promise<RebuiltStudy> {
    await cluster.sintonia("stop", studyId);
    const isOver = async (): Promise<boolean> => (await read(studyId)).study.status === "stopped";
    await cluster.until(`${studyId} does not stop`, isOver);
    return await read(studyId);
  }

  /** Reads the log of a study. */
  async function read(studyId: string): Promise<RebuiltStudy> {
    return await withAdmin(async (client) => {
      const bodies: Uint8Array[] = [];
      for await (const { record } of client.readStudyLog({ studyId })) bodies.push(record);
      return await rebuildStudy(studyId, bodies);
    });
  }

  /**
   * Waits until pods that are there train `count` trials, and the coordinator has a new epoch of
   * each: trainers find a restarted coordinator again only after some seconds.
   */
  async function busy(count: number): Promise<void> {
    const before = new Map((await listTrials()).map((trial) => [trial.id, trial]));
    await cluster.until(`${count} pods do not train at once`, async () => {
      const pods = (await cluster.pods("trainer")).map(({ metadata }) => `${metadata.name}-`);
      const advances = ({ id, attempt, state, epochs, trainerId }: Trial): boolean => {
        const first = before.get(id);
        const known = first?.attempt === attempt ? first.epochs : 0;
        return state === TrialState.RUNNING && epochs > known && pods.some((pod) => trainerId.startsWith(pod));
      };
      return (await listTrials()).filter(advances).length === count;
    });
  }

  async function listTrials(): Promise<readonly Trial[]> {
    return (await withAdmin((client) => client.listTrials({ studyId: "stormy" }))).trials;
  }
});

function nodeOf({ spec }: Pod): string | undefined {
  return spec.nodeName;
}

function handoversIn({ events }: RebuiltStudy): readonly Handover[] {
  return handoversOf(events.map(({ event }) => event));
}
