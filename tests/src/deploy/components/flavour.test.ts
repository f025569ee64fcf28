// Trainers of several flavours: the component flavour, and the chart's value trainers.flavours.

import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { missingHelm, renderChart, template } from "../chart/helm.js";
import {
  containersOf,
  environmentOf,
  hasKubectl,
  type Manifest,
  podOf,
  type Workload,
  workloads,
} from "../manifests.js";
import { schemaProblems } from "../schema.js";
import { allows, type End } from "./connections.js";
import { renderKustomization } from "./kustomizations.js";

const skip = hasKubectl() ? false : "kubectl is not on the PATH, so nothing renders the manifests";

function workload(rendered: readonly Manifest[], name: string): Workload {
  const found = workloads(rendered).find(({ metadata }) => metadata.name === name);
  assert.ok(found, name);
  return found;
}

function labelsOf(rendered: readonly Manifest[], name: string): Readonly<Record<string, string>> {
  return podOf(workload(rendered, name)).metadata?.labels ?? {};
}

function environmentIn(rendered: readonly Manifest[], name: string): Readonly<Record<string, string>> {
  const [container] = containersOf(workload(rendered, name));
  assert.ok(container, name);
  return environmentOf(container, rendered);
}

/** Fails unless the pods of a flavour have the connections of the other trainers. */
function assertConnected(rendered: readonly Manifest[], name: string): void {
  const pod = (of: string): End => ({ isPod: true, isNeighbour: true, labels: labelsOf(rendered, of) });
  for (const [to, port] of [
    ["nats", 4222],
    ["coordinator", 7230],
  ] as const) {
    assert.ok(allows(rendered, { from: pod(name), to: pod(to), port }), `${name} to ${to}`);
  }
  assert.ok(allows(rendered, { from: pod("coordinator"), to: pod("nats"), port: 4222 }));
  assert.ok(!allows(rendered, { from: pod(name), to: pod("nats"), port: 8222 }));
}

/** Fails if a Deployment selects pods of another one: their autoscalers would count them. */
function assertDistinct(rendered: readonly Manifest[], names: readonly string[]): void {
  const labels = names.map((name) => labelsOf(rendered, name)["app.kubernetes.io/name"]);
  const selected = names.map((name) => workload(rendered, name).spec?.selector?.matchLabels);
  assert.deepEqual(
    selected,
    labels.map((label) => ({ "app.kubernetes.io/name": label })),
  );
  assert.equal(new Set(labels).size, names.length);
}

describe("the component flavour", { skip }, () => {
  const parts = [
    "network-policies",
    "network-policies/https",
    "monitoring",
    "monitoring/operator",
    "flavour",
    "security",
  ];
  const components = parts.map((name) => `k8s/components/${name}`);
  const rendered =
    skip === false ? renderKustomization({ namespace: "sintonia", resources: ["k8s/base"], components }) : [];

  it("adds trainers of a flavour, which differ from the others in their name and nodes alone", async () => {
    const known = rendered.filter(({ apiVersion }) => !apiVersion.startsWith("monitoring.coreos.com"));
    for (const manifest of known) assert.deepEqual(await schemaProblems(manifest), [], manifest.metadata.name);
    const { SINTONIA_FLAVOUR: flavour, ...others } = environmentIn(rendered, "trainers-large");
    assert.equal(flavour, "large");
    assert.deepEqual(others, environmentIn(rendered, "trainers"));
    const specOf = (name: string) => podOf(workload(rendered, name)).spec;
    assert.deepEqual(specOf("trainers-large")?.volumes, specOf("trainers")?.volumes, "with the logins");
    assert.equal(specOf("trainers-large")?.containers?.[0]?.image, specOf("trainers")?.containers?.[0]?.image);
    assertDistinct(rendered, ["trainers", "trainers-large"]);
  });

  it("opens the connections of its pods, and lets Prometheus find them", () => {
    assertConnected(rendered, "trainers-large");
    const monitor = rendered.find(({ kind }) => kind === "PodMonitor");
    assert.match(JSON.stringify(monitor), /trainer-large/);
  });
});

describe("the value trainers.flavours", { skip: missingHelm() }, () => {
  const flavours = ["a100", "small"].map((name, index) => `trainers.flavours[${index}].name=${name}`);
  const set = [
    ...flavours,
    "trainers.flavours[0].gpu=nvidia.com/gpu",
    "trainers.flavours[0].replicas=3",
    "trainers.flavours[1].environment.SINTONIA_LOG_LEVEL=debug",
    "networkPolicies.enabled=true",
  ];

  it("makes a Deployment of each flavour, with what differs from the other trainers", async () => {
    const rendered = renderChart({ set });
    for (const manifest of rendered) assert.deepEqual(await schemaProblems(manifest), [], manifest.metadata.name);
    const names = ["trainers", "trainers-a100", "trainers-small"];
    assertDistinct(rendered, names);
    const variables = names.map((name) => environmentIn(rendered, name));
    assert.deepEqual(
      variables.map(({ SINTONIA_FLAVOUR: flavour, SINTONIA_LOG_LEVEL: level }) => [flavour, level]),
      [
        [undefined, "info"],
        ["a100", "info"],
        ["small", "debug"],
      ],
    );
    assert.deepEqual(
      names.map((name) => workload(rendered, name).spec?.replicas),
      [2, 3, 2],
    );
    const limits = containersOf(workload(rendered, "trainers-a100"))[0]?.resources?.limits;
    assert.deepEqual(limits, { memory: "1Gi", "nvidia.com/gpu": 1 });
    for (const name of names) assertConnected(rendered, name);
  });

  it("scales each flavour on the work that asks for it", () => {
    const keda = ["autoscaling.by=keda", "trainers.flavours[0].maxReplicas=40"];
    const scaled = renderChart({ set: [...set, ...keda] }).filter(({ kind }) => kind === "ScaledObject");
    const classes = scaled.map((object) => /class=~\\"([^\\]*)\\"/.exec(JSON.stringify(object))?.[1]);
    assert.deepEqual(classes, ["any", "a100|gpu", "small"]);
    assert.match(JSON.stringify(scaled[1]), /"maxReplicaCount":40/);
    assert.match(JSON.stringify(scaled[2]), /"maxReplicaCount":8/);
    const hpa = renderChart({ set: [...set, "autoscaling.by=hpa"] });
    const metrics = hpa.filter(({ kind }) => kind === "HorizontalPodAutoscaler").map((one) => JSON.stringify(one));
    assert.equal(metrics.length, 3);
    assert.match(metrics[1] ?? "", /sintonia_trainers_wanted_by_class.*"values":\["a100","gpu"\]/);
  });

  it("refuses two flavours of one name, and the names of other classes", () => {
    const twice = ["trainers.flavours[0].name=a", "trainers.flavours[1].name=a"];
    assert.throws(() => template({ set: twice }), /trainers\.flavours: two have the same name/);
    for (const name of ["any", "gpu", "A"]) {
      assert.throws(() => template({ set: [`trainers.flavours[0].name=${name}`] }), /flavours\/0\/name/);
    }
  });
});
