// The overlays, as kubectl renders them.

import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { environmentOf, hasKubectl, podOf, render, type Workload, workloads } from "./manifests.js";
import { schemaProblems } from "./schema.js";

const skip = hasKubectl() ? false : "kubectl is not on the PATH, so nothing renders the manifests";
const manifests = skip === false ? render("deploy/k8s/overlays/production") : [];

describe("the overlay production", { skip }, () => {
  it("matches the schemas of Kubernetes and has no unknown field", async () => {
    for (const manifest of manifests) {
      assert.deepEqual(await schemaProblems(manifest), [], `${manifest.kind} ${manifest.metadata.name}`);
    }
  });

  it("has two coordinators without a claim and eight trainers, each spread over the nodes", () => {
    const replicas = {
      coordinator: workload("coordinator").spec?.replicas,
      trainers: workload("trainers").spec?.replicas,
    };
    assert.deepEqual(replicas, { coordinator: 2, trainers: 8 });
    assert.equal(workload("coordinator").kind, "Deployment");
    for (const name of ["coordinator", "trainers"]) {
      const { spec, metadata } = podOf(workload(name));
      const [constraint] = spec?.topologySpreadConstraints ?? [];
      const label = "app.kubernetes.io/name";
      assert.equal(constraint?.topologyKey, "kubernetes.io/hostname", name);
      assert.equal(constraint.labelSelector?.matchLabels?.[label], metadata?.labels?.[label], name);
    }
  });

  it("requires logins of the coordinator and of NATS, and keeps artifacts in a bucket", () => {
    const environment = environmentOfPod("coordinator");
    assert.equal(environment["SINTONIA_GRPC_SECURITY"], "required");
    assert.equal(environment["SINTONIA_NATS_SECURITY"], "required");
    assert.match(environment["SINTONIA_ARTIFACTS"] ?? "", /^s3:/);
  });

  it("mounts the secrets of all its components", () => {
    assert.deepEqual(secretsOf("coordinator"), [
      "coordinator-s3",
      "coordinator-tls",
      "coordinator-tokens",
      "nats-coordinator",
    ]);
    assert.deepEqual(secretsOf("nats"), ["nats-users"]);
    assert.deepEqual(secretsOf("trainers"), ["coordinator-tls", "nats-trainer", "trainer-token"]);
  });
});

describe("the smaller overlays", { skip }, () => {
  for (const [name, counts] of Object.entries({ laptop: [1, 1, 1], cpu: [1, 1, 4], gpu: [1, 1, 2] })) {
    it(`match the schemas and have one NATS, one coordinator and their trainers: ${name}`, async () => {
      const rendered = render(`deploy/k8s/overlays/${name}`);
      for (const each of rendered)
        assert.deepEqual(await schemaProblems(each), [], `${each.kind} ${each.metadata.name}`);
      const found = Object.fromEntries(workloads(rendered).map((each) => [each.metadata.name, each.spec?.replicas]));
      assert.deepEqual([found["nats"], found["coordinator"], found["trainers"]], counts);
    });
  }
});

describe("the overlay gpu", { skip }, () => {
  const rendered = skip === false ? render("deploy/k8s/overlays/gpu") : [];

  it("gives each trainer the GPU image, its engine and one GPU on a node that is kept for GPUs", () => {
    const spec = podOf(workload("trainers", rendered)).spec;
    const container = spec?.containers[0];
    assert.ok(container);
    assert.equal(container.image, "sintonia-trainer-gpu:0.1.0");
    assert.equal(container.resources?.limits?.["nvidia.com/gpu"], 1);
    assert.equal(environmentOf(container, rendered)["SINTONIA_ENGINE"], "tfjs-node-gpu");
    assert.deepEqual(spec?.tolerations, [{ key: "nvidia.com/gpu", operator: "Exists", effect: "NoSchedule" }]);
  });

  it("leaves the coordinator without a GPU", () => {
    const [container] = podOf(workload("coordinator", rendered)).spec?.containers ?? [];
    assert.deepEqual(Object.keys(container?.resources?.limits ?? {}), ["memory"]);
  });
});

function workload(name: string, rendered = manifests): Workload {
  const found = workloads(rendered).find(({ metadata }) => metadata.name === name);
  assert.ok(found, name);
  return found;
}

function environmentOfPod(name: string): Readonly<Record<string, string>> {
  const [container] = podOf(workload(name)).spec?.containers ?? [];
  assert.ok(container, name);
  return environmentOf(container, manifests);
}

/** Returns the names of the secrets that the pods of a workload mount. */
function secretsOf(name: string): readonly string[] {
  const volumes = podOf(workload(name)).spec?.volumes ?? [];
  return volumes.flatMap(({ secret }) => (secret?.secretName === undefined ? [] : [secret.secretName])).sort();
}
