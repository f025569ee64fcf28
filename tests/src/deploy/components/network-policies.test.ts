// The component network-policies: which connections it leaves open.

import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { missingHelm, renderChart } from "../chart/helm.js";
import { hasKubectl, type Manifest, podOf, workloads } from "../manifests.js";
import { schemaProblems } from "../schema.js";
import { allows, type Connection, type End } from "./connections.js";
import { renderKustomization } from "./kustomizations.js";

const skip = hasKubectl() ? false : "kubectl is not on the PATH, so nothing renders the manifests";
const STRANGER: End = { isPod: true, labels: { "app.kubernetes.io/name": "stranger" }, isNeighbour: true };
const ELSEWHERE: End = { isPod: true, labels: {}, isNeighbour: false };
const INTERNET: End = { isPod: false, address: "203.0.113.7" };
/** Address of a name server on each node, as NodeLocal DNSCache uses. */
const NODE_NAMES: End = { isPod: false, address: "169.254.20.10" };

function renderWith(...components: readonly string[]): readonly Manifest[] {
  const paths = components.map((name) => `k8s/components/${name}`);
  return renderKustomization({ namespace: "sintonia", resources: ["k8s/base"], components: paths });
}

describe("the component network-policies", { skip }, () => {
  const rendered = skip === false ? renderWith("network-policies") : [];
  const [nats, coordinator, trainer] = ["nats", "coordinator", "trainers"].map((name) => podNamed(rendered, name)) as [
    End,
    End,
    End,
  ];

  it("matches the schemas of Kubernetes and has no unknown field", async () => {
    for (const manifest of renderWith("network-policies", "network-policies/https")) {
      assert.deepEqual(await schemaProblems(manifest), [], `${manifest.kind} ${manifest.metadata.name}`);
    }
  });

  const open: Readonly<Record<string, Connection>> = {
    "a trainer to NATS": { from: trainer, to: nats, port: 4222 },
    "a trainer to the coordinator": { from: trainer, to: coordinator, port: 7230 },
    "a coordinator to another one": { from: coordinator, to: coordinator, port: 7230 },
    "the coordinator to NATS": { from: coordinator, to: nats, port: 4222 },
    "the coordinator to the monitoring port of NATS": { from: coordinator, to: nats, port: 8222 },
    "Prometheus to the coordinator": { from: ELSEWHERE, to: coordinator, port: 9464 },
    "Prometheus to a trainer": { from: ELSEWHERE, to: trainer, port: 9464 },
    "a trainer to the name server": { from: trainer, to: ELSEWHERE, port: 53, protocol: "UDP" },
    "the coordinator to a name server of the node": { from: coordinator, to: NODE_NAMES, port: 53 },
  };
  for (const [what, connection] of Object.entries(open)) {
    it(`lets ${what}`, () => assert.ok(allows(rendered, connection)));
  }

  const closed: Readonly<Record<string, Connection>> = {
    "a stranger to NATS": { from: STRANGER, to: nats, port: 4222 },
    "a stranger to the coordinator": { from: STRANGER, to: coordinator, port: 7230 },
    "a gateway elsewhere to the page": { from: ELSEWHERE, to: coordinator, port: 7280 },
    "a pod elsewhere to the coordinator": { from: ELSEWHERE, to: coordinator, port: 7230 },
    "a trainer to the monitoring port of NATS": { from: trainer, to: nats, port: 8222 },
    "a trainer to a trainer": { from: trainer, to: trainer, port: 9464 },
    "a coordinator to the metrics of another one": { from: coordinator, to: coordinator, port: 9464 },
    "the coordinator to a trainer": { from: coordinator, to: trainer, port: 9464 },
    "NATS to the coordinator": { from: nats, to: coordinator, port: 7230 },
    "NATS to the name server": { from: nats, to: ELSEWHERE, port: 53 },
    "a trainer to the internet": { from: trainer, to: INTERNET, port: 443 },
    "the coordinator to the internet": { from: coordinator, to: INTERNET, port: 443 },
  };
  for (const [what, connection] of Object.entries(closed)) {
    it(`keeps ${what} apart`, () => assert.ok(!allows(rendered, connection)));
  }

  it("opens HTTPS to the coordinator and the trainers with the component https, and nothing else", () => {
    const opened = renderWith("network-policies", "network-policies/https");
    assert.ok(allows(opened, { from: trainer, to: INTERNET, port: 443 }));
    assert.ok(allows(opened, { from: coordinator, to: INTERNET, port: 443 }));
    assert.ok(!allows(opened, { from: nats, to: INTERNET, port: 443 }));
    assert.ok(!allows(opened, { from: trainer, to: INTERNET, port: 80 }));
  });

  it("opens the page to the pods of the cluster with the component page, and nothing else", () => {
    const opened = renderWith("network-policies", "network-policies/page");
    assert.ok(allows(opened, { from: ELSEWHERE, to: coordinator, port: 7280 }));
    assert.ok(!allows(opened, { from: ELSEWHERE, to: coordinator, port: 7230 }));
    assert.ok(!allows(opened, { from: ELSEWHERE, to: trainer, port: 7280 }));
  });

  it("opens the way to the API of Kubernetes to the coordinator with the component api-server", () => {
    const opened = renderWith("network-policies", "network-policies/api-server");
    for (const port of [443, 6443]) {
      assert.ok(allows(opened, { from: coordinator, to: INTERNET, port }));
      assert.ok(!allows(opened, { from: trainer, to: INTERNET, port }));
    }
  });

  it("opens the port of a NATS outside in the chart", { skip: missingHelm() }, () => {
    const outside = ["nats.enabled=false", "nats.url=nats://n.example:4333", "networkPolicies.natsPort=4333"];
    const chart = renderChart({ set: ["networkPolicies.enabled=true", ...outside] });
    for (const from of [trainer, coordinator]) {
      assert.ok(allows(chart, { from, to: INTERNET, port: 4333 }));
      assert.ok(!allows(chart, { from, to: INTERNET, port: 4222 }));
    }
  });
});

describe("the rules of connections", () => {
  it("let everybody through without a policy", () => {
    assert.ok(allows([], { from: STRANGER, to: ELSEWHERE, port: 1 }));
  });
});

function podNamed(rendered: readonly Manifest[], name: string): End {
  const workload = workloads(rendered).find(({ metadata }) => metadata.name === name);
  return { isPod: true, labels: (workload && podOf(workload).metadata?.labels) ?? {}, isNeighbour: true };
}
