// The component monitoring, as kubectl renders it.

import assert from "node:assert/strict";
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, it, type TestContext } from "node:test";
import { parse } from "yaml";
import { containersOf, hasKubectl, type Manifest, podOf, render, workloads } from "./manifests.js";
import { ROOT } from "./repository.js";
import { schemaProblems } from "./schema.js";

const skip = hasKubectl() ? false : "kubectl is not on the PATH, so nothing renders the manifests";

/** Renders the base with components in a folder of its own. */
function renderWith(context: TestContext, components: readonly string[]): readonly Manifest[] {
  const folder = mkdtempSync(join(tmpdir(), "sintonia-components-"));
  context.after(() => rmSync(folder, { recursive: true }));
  cpSync(join(ROOT, "deploy/k8s"), join(folder, "k8s"), { recursive: true });
  const paths = components.map((name) => `k8s/components/${name}`);
  writeFileSync(join(folder, "kustomization.yaml"), `resources: [k8s/base]\ncomponents: [${paths.join(", ")}]\n`);
  return render(folder);
}

describe("the component monitoring", { skip }, () => {
  for (const others of [[], ["security", "s3"]]) {
    it(`annotates the pods with their port of metrics, with ${others.join(", ") || "the base"}`, async (context) => {
      const rendered = renderWith(context, [...others, "monitoring"]);
      for (const manifest of rendered) assert.deepEqual(await schemaProblems(manifest), [], manifest.metadata.name);
      for (const workload of workloads(rendered)) {
        const annotations = podOf(workload).metadata?.annotations ?? {};
        const ports = containersOf(workload).flatMap((container) => container.ports ?? []);
        const metrics = ports.find(({ name }) => name === "metrics")?.containerPort;
        const { name } = workload.metadata;
        assert.equal(annotations["prometheus.io/port"], metrics === undefined ? undefined : String(metrics), name);
        assert.equal(annotations["prometheus.io/scrape"], metrics === undefined ? undefined : "true", name);
      }
      const dashboard = rendered.find(({ metadata }) => metadata.name === "sintonia-dashboard");
      assert.equal(dashboard?.metadata.labels?.["grafana_dashboard"], "1");
    });
  }

  it("has for the Prometheus operator the same rules, and a monitor that selects the pods", (context) => {
    const rendered = renderWith(context, ["monitoring", "monitoring/operator"]);
    const specOf = (kind: string) => (rendered.find((each) => each.kind === kind) as { spec?: unknown })?.spec;
    const rules = parse(readFileSync(join(ROOT, "deploy/k8s/components/monitoring/alerts.yaml"), "utf8"));
    assert.deepEqual(specOf("PrometheusRule"), rules);
    const { selector } = specOf("PodMonitor") as { selector: { matchExpressions: readonly { values: string[] }[] } };
    const names = workloads(rendered).map((workload) => podOf(workload).metadata?.labels?.["app.kubernetes.io/name"]);
    assert.deepEqual(selector.matchExpressions[0]?.values, ["coordinator", "trainer"]);
    for (const name of selector.matchExpressions[0]?.values ?? []) assert.ok(names.includes(name), name);
  });
});
