// The Helm chart on a real API server: what it renders, and a release from install to uninstall.

import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { cpSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { promisify } from "node:util";
import { CHART, helmProgram, missingHelm, template } from "../deploy/chart/helm.js";
import { INSTALLATIONS } from "../deploy/chart/installations.js";
import { APPLY, missingCluster, TestCluster } from "./cluster/test-cluster.js";

const run = promisify(execFile);

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
    const where = ["--kubeconfig", cluster.kubeconfig, "--namespace", namespace];
    const helm = async (...args: readonly string[]): Promise<string> =>
      (await run(helmProgram(), [...args, ...where])).stdout;
    // The priority classes belong to the whole cluster, so the release has names of its own.
    const own = ["--set", `namePrefix=${namespace.slice(-20)}-`];
    const chart = chartForAnyServer(cluster.folder);
    const notes = await helm("install", "tests", chart, ...own);
    assert.match(notes, /port-forward service\/\S+-coordinator 7230/);
    assert.match(notes, /security\.enabled closes both/);
    await cluster.expectAllPods(namespace, context.signal);
    await cluster.expectClaims(namespace, 2, context.signal);
    await helm("upgrade", "tests", chart, ...own, "--set", "trainers.replicas=4");
    await cluster.expectAllPods(namespace, context.signal);
    await helm("uninstall", "tests");
    await cluster.expectNoPrograms(namespace, context.signal);
    await cluster.expectClaims(namespace, 2, context.signal);
  });
});

/** Copies the chart without `kubeVersion`: a server built from its module has no version. */
function chartForAnyServer(folder: string): string {
  const chart = join(folder, "chart");
  cpSync(CHART, chart, { recursive: true });
  const file = join(chart, "Chart.yaml");
  writeFileSync(file, readFileSync(file, "utf8").replace(/^kubeVersion:.*$/m, ""));
  return chart;
}
