// The components keda, hpa and kueue, which say how many trainers there are.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, it } from "node:test";
import type { IHorizontalPodAutoscaler } from "kubernetes-models/autoscaling/v2/HorizontalPodAutoscaler";
import { hasKubectl, type Manifest, workloads } from "../manifests.js";
import { ROOT } from "../repository.js";
import { schemaProblems } from "../schema.js";
import { renderKustomization } from "./kustomizations.js";

const skip = hasKubectl() ? false : "kubectl is not on the PATH, so nothing renders the manifests";

/** The part of KEDA's ScaledObject that the tests read. */
interface ScaledObject extends Manifest {
  readonly spec: {
    readonly scaleTargetRef: { readonly name: string };
    readonly triggers: readonly { readonly metadata: { readonly query: string; readonly ignoreNullValues: string } }[];
  };
}

function renderWith(component: string): readonly Manifest[] {
  const components = [`k8s/components/${component}`];
  return renderKustomization({ namespace: "sintonia", resources: ["k8s/base"], components });
}

function objectOf<T extends Manifest>(rendered: readonly Manifest[], kind: string): T {
  const found = rendered.find((manifest) => manifest.kind === kind);
  assert.ok(found, kind);
  return found as T;
}

function trainersOf(rendered: readonly Manifest[]) {
  const found = workloads(rendered).find(({ metadata }) => metadata.name === "trainers");
  assert.ok(found);
  return found;
}

/** Fails if the documents do not list a metric of the coordinator. */
function assertMetric(name: string): void {
  const page = readFileSync(join(ROOT, "docs/operations.md"), "utf8");
  assert.ok(page.includes(`| \`${name}\` | gauge |`), name);
}

describe("the components that scale trainers", { skip }, () => {
  it("leave the number of trainers to KEDA, which asks Prometheus for the trainers wanted", () => {
    const rendered = renderWith("keda");
    const { spec } = objectOf<ScaledObject>(rendered, "ScaledObject");
    assert.equal(trainersOf(rendered).spec?.replicas, undefined);
    assert.equal(spec.scaleTargetRef.name, "trainers");
    const [trigger] = spec.triggers;
    const [, metric = "", namespace] = /^max\((\w+)\{namespace="(\w+)"\}\)$/.exec(trigger?.metadata.query ?? "") ?? [];
    assertMetric(metric);
    assert.equal(namespace, "sintonia");
    assert.equal(trigger?.metadata.ignoreNullValues, "false");
  });

  it("leave the number of trainers to the autoscaler of Kubernetes, which keeps one", async () => {
    const rendered = renderWith("hpa");
    const autoscaler = objectOf<IHorizontalPodAutoscaler & Manifest>(rendered, "HorizontalPodAutoscaler");
    for (const manifest of rendered) assert.deepEqual(await schemaProblems(manifest), [], manifest.metadata.name);
    assert.equal(trainersOf(rendered).spec?.replicas, undefined);
    assert.equal(autoscaler.spec?.scaleTargetRef.name, "trainers");
    assert.equal(autoscaler.spec.minReplicas, 1);
    assertMetric(autoscaler.spec.metrics?.[0]?.external?.metric.name ?? "");
  });

  it("put the trainers alone into a queue of Kueue", () => {
    const queued = workloads(renderWith("kueue")).filter(
      ({ metadata }) => metadata.labels?.["kueue.x-k8s.io/queue-name"] === "trainers",
    );
    assert.deepEqual(
      queued.map(({ metadata }) => metadata.name),
      ["trainers"],
    );
  });
});
