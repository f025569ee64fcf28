// Every way to install deploy/k8s, on a real API server with its admission and its controllers.
// There are no nodes, so pods are made and wait.

import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { definitionFiles } from "@sintonia/scripts/go/definitions";
import { stringify } from "yaml";
import { installations } from "./cluster/overlays.js";
import { APPLY, missingCluster, missingDefinitions, TestCluster } from "./cluster/test-cluster.js";

describe("deploy/k8s on a real API server", { skip: missingCluster() }, () => {
  let cluster: TestCluster;

  before(async () => {
    cluster = await TestCluster.start("10.96.0.0/16");
    if (missingDefinitions() === false) await cluster.define(definitionFiles() ?? []);
  });
  after(() => cluster?.stop());

  for (const [title, { kustomization, isForeign }] of Object.entries(installations())) {
    const skip = isForeign && missingDefinitions();
    it(`makes all pods of ${title} under the restricted standard`, { skip }, async (context) => {
      const namespace = await cluster.makeNamespace((end) => context.after(end));
      const folder = cluster.overlays.write(namespace, { ...kustomization, namespace });
      await cluster.kubectl.run(...APPLY, "--kustomize", folder);
      await cluster.expectAllPods(namespace, context.signal);
    });
  }

  it("refuses a pod outside the restricted standard, so that the test above can fail", async (context) => {
    const namespace = await cluster.makeNamespace((end) => context.after(end));
    const args = ["run", "root", "--namespace", namespace, "--image", "sintonia-trainer"];
    const refusal = /violates PodSecurity "restricted:latest": allowPrivilegeEscalation/;
    await assert.rejects(cluster.kubectl.run(...args), refusal);
  });

  it("refuses an unknown field, so that the test above can fail", async (context) => {
    const namespace = await cluster.makeNamespace((end) => context.after(end));
    const file = join(cluster.folder, "typo.yaml");
    const spec = { ports: [{ port: 1, tragetPort: 1 }] };
    writeFileSync(file, stringify({ apiVersion: "v1", kind: "Service", metadata: { name: "typo" }, spec }));
    await assert.rejects(cluster.kubectl.run(...APPLY, "--namespace", namespace, "--filename", file), /tragetPort/);
  });

  it("deletes what it made, and keeps the claims of the volumes", async (context) => {
    const namespace = await cluster.makeNamespace((end) => context.after(end));
    const folder = cluster.overlays.write(namespace, { resources: ["../k8s/base"], namespace });
    await cluster.kubectl.run(...APPLY, "--kustomize", folder);
    await cluster.expectClaims(namespace, 2, context.signal);
    await cluster.kubectl.run("delete", "--wait=false", "--kustomize", folder);
    await cluster.expectNoPrograms(namespace, context.signal);
    await cluster.expectClaims(namespace, 2, context.signal);
    await cluster.kubectl.run("get", "namespace", namespace);
  });
});
