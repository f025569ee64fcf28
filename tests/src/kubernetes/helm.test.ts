// The Helm chart on a real API server: what it renders, and a release from install to uninstall.

import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { missingHelm, template } from "../deploy/chart/helm.js";
import { INSTALLATIONS } from "../deploy/chart/installations.js";
import { Release } from "./cluster/release.js";
import { APPLY, missingCluster, TestCluster } from "./cluster/test-cluster.js";

describe("the Helm chart on a real API server", { skip: missingHelm() || missingCluster() }, () => {
  let cluster: TestCluster;

  before(async () => {
    cluster = await TestCluster.start("10.100.0.0/16");
  });
  after(() => cluster?.stop());

  for (const title of ["base", "overlay laptop", "overlay cpu", "overlay production", "base with network policies"]) {
    it(`makes all pods of the ${title} under the restricted standard`, async (context) => {
      const namespace = await cluster.makeNamespace((end) => context.after(end));
      const file = join(cluster.folder, `${namespace}.yaml`);
      writeFileSync(file, template({ ...INSTALLATIONS[title]?.release, namespace }));
      await cluster.kubectl.run(...APPLY, "--filename", file);
      await cluster.expectAllPods(namespace, context.signal);
    });
  }

  it("is installed, changed and removed by Helm, and the claims of its volumes stay", async (context) => {
    const namespace = await cluster.makeNamespace((end) => context.after(end));
    const release = new Release({ kubeconfig: cluster.kubeconfig, namespace, folder: cluster.folder });
    // The priority classes belong to the whole cluster, so the release has names of its own.
    const own = ["--set", `namePrefix=${namespace.slice(-20)}-`];
    const notes = await release.install(...own);
    assert.match(notes, /port-forward service\/\S+-coordinator 7230/);
    assert.match(notes, /security\.enabled closes both/);
    await cluster.expectAllPods(namespace, context.signal);
    await cluster.expectClaims(namespace, 2, context.signal);
    await release.upgrade(...own, "--set", "trainers.replicas=4");
    await cluster.expectAllPods(namespace, context.signal);
    await release.uninstall();
    await cluster.expectNoPrograms(namespace, context.signal);
    await cluster.expectClaims(namespace, 2, context.signal);
  });
});
