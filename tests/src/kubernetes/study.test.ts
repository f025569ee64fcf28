import assert from "node:assert/strict";
import { readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { assertAllCompleted, type Results, SMALL_SPEC } from "../support/cli.js";
import { missingForPods, PodCluster } from "./pod-cluster.js";

describe("a study in pods of deploy/k8s/base", { skip: missingForPods() }, () => {
  let cluster: PodCluster;

  before(async () => {
    cluster = await PodCluster.start();
    await cluster.makeNamespace();
    await cluster.install({ resources: ["../k8s/base"] });
  });
  after(() => cluster?.stop());

  it("finds NATS, the coordinator and two trainers ready", async () => {
    await cluster.ready("nats", 1);
    await cluster.ready("coordinator", 1);
    await cluster.ready("trainer", 2);
  });

  it("completes", async () => {
    const spec = join(cluster.folder, "small.yaml");
    writeFileSync(spec, SMALL_SPEC);
    await cluster.sintonia("create", spec);
    const results = JSON.parse(await cluster.sintonia("watch", "small", "--json")) as Results;
    assertAllCompleted(results, 3);
  });

  it("leaves a model to download through the service", async () => {
    const model = join(cluster.folder, "model");
    await cluster.sintonia("best", "small", "--download", model);
    for (const name of ["model.keras", "model.onnx"]) assert.ok(readdirSync(model).includes(name), name);
  });
});
