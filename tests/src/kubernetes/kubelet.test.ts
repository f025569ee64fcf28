// A study in the containers of a real kubelet, and what an operator does there with kubectl.

import assert from "node:assert/strict";
import { readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { TrialState } from "@sintonia/proto/sintonia/v1/study";
import { readStudy } from "../chaos/watch.js";
import { assertAllCompleted, type Results, SMALL_SPEC } from "../support/cli.js";
import type { AdminClient } from "../support/service-process.js";
import { handoversOf } from "./handovers.js";
import { TEST_IMAGES } from "./kubelet/images.js";
import { missingForKubelet, startKubeletCluster } from "./kubelet/kubelet-cluster.js";
import type { KubeletNode } from "./kubelet/kubelet-node.js";
import { PortForward } from "./kubelet/port-forward.js";
import { callLeader } from "./leader-calls.js";
import { NAMESPACE, type PodCluster, sintonia } from "./pod-cluster.js";

/**
 * A study of trials that last for minutes, so that a removed trainer is in the middle of one. There
 * are as many as trainers: the trainer in place of a removed one finds only the trial of that one.
 */
const LONG_SPEC = SMALL_SPEC.replace("name: small", "name: long")
  .replace("maxTrials: 3", "maxTrials: 2")
  .replace("maxEpochs: 2", "maxEpochs: 10000");
/** The reason that a trainer gives when its pod is deleted. */
const ASKED_TO_STOP = "The trainer was asked to stop.";

describe("a study in pods of a real kubelet", { skip: missingForKubelet() }, () => {
  let cluster: PodCluster<KubeletNode>;
  let forward: PortForward;

  before(async () => {
    cluster = await startKubeletCluster();
    await cluster.makeNamespace();
    await cluster.install({ resources: ["../k8s/base"], images: TEST_IMAGES });
  });
  after(async () => {
    await forward?.stop();
    await cluster?.stop();
  });

  it("finds NATS, the coordinator and two trainers ready", async () => {
    await cluster.ready("nats", 1);
    await cluster.ready("coordinator", 1);
    await cluster.ready("trainer", 2);
  });

  it("completes, and leaves a model to download, through kubectl port-forward", async () => {
    forward = await PortForward.to("service/coordinator", cluster.kubectl);
    const spec = join(cluster.folder, "small.yaml");
    writeFileSync(spec, SMALL_SPEC);
    await run("create", spec);
    assertAllCompleted(JSON.parse(await run("watch", "small", "--json")) as Results, 3);
    const model = join(cluster.folder, "model");
    await run("best", "small", "--download", model);
    for (const name of ["model.keras", "model.onnx"]) assert.ok(readdirSync(model).includes(name), name);
  });

  it("tells its story in the lines that kubectl logs prints", async () => {
    const lines = (await kubectl("logs", "coordinator-0")).trim().split("\n");
    const told = lines.map((line) => JSON.parse(line) as Readonly<Record<string, unknown>>);
    const last = told.find(({ message }) => message === "study ended");
    assert.deepEqual([last?.["studyId"], last?.["status"]], ["small", "completed"]);
  });

  it("goes on elsewhere at the last epoch of a trainer whose pod kubectl deletes", async () => {
    const spec = join(cluster.folder, "long.yaml");
    writeFileSync(spec, LONG_SPEC);
    await run("create", spec);
    const [trainer] = await cluster.pods("trainer");
    const name = String(trainer?.metadata.name);
    // Two, so that the number of the last epoch, from 0, tells a resumption from a fresh start.
    await cluster.until("the trainer has not reported two epochs", async () =>
      (await trials()).some((trial) => trial.trainerId.startsWith(name) && trial.epochs > 1),
    );
    await kubectl("delete", "pod", name);
    // A slow machine may have silenced the trainer before: such an attempt has another reason.
    const handover = async () =>
      (await handovers()).find(({ trainerId, reason }) => trainerId.startsWith(name) && reason === ASKED_TO_STOP);
    await cluster.until("no trainer goes on", async () => ((await handover())?.resumed ?? 0) > 0);
    const { isCounted, reported, saved, resumed } = (await handover()) ?? {};
    assert.deepEqual({ isCounted, saved, resumed }, { isCounted: false, saved: reported, resumed: reported });
    await run("stop", "long");
  });

  const kubectl = (...args: string[]): Promise<string> => cluster.kubectl.run(...args, "--namespace", NAMESPACE);
  const run = (...args: string[]): Promise<string> => sintonia(args, { SINTONIA_COORDINATOR_ADDRESS: forward.address });

  const ask = <T>(use: (client: AdminClient) => Promise<T>): Promise<T> => callLeader(cluster, forward.address, use);

  async function trials() {
    const { trials } = await ask((client) => client.listTrials({ studyId: "long" }));
    return trials.filter(({ state }) => state === TrialState.RUNNING);
  }

  async function handovers() {
    const { events } = await ask((client) => readStudy(client, "long"));
    return handoversOf(events.map(({ event }) => event));
  }
});
