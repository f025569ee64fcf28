// The values of the Helm chart: what it refuses, and what each of them changes.

import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { containersOf, environmentOf, type Manifest, podOf, type Workload, workloads } from "../manifests.js";
import { missingHelm, renderChart, template } from "./helm.js";

const skip = missingHelm();
const DIGEST = `sha256:${"0".repeat(64)}`;

describe("the Helm chart refuses", { skip }, () => {
  const cases: readonly (readonly [what: string, set: readonly string[], message: RegExp])[] = [
    ["an unknown value", ["trainers.replica=3"], /'\/trainers': additional properties 'replica' not allowed/],
    ["a wrong type", ["trainers.replicas=many"], /'\/trainers\/replicas': got string, want integer/],
    ["an unknown log level", ["logLevel=loud"], /'\/logLevel': value must be one of 'fatal', 'error'/],
    ["a variable that is no text", ["trainers.environment.SINTONIA_X=3"], /SINTONIA_X': got number, want string/],
    ["a half digest", ["trainers.image.digest=sha256:0"], /'\/trainers\/image\/digest': 'sha256:0' does not match/],
    ["the tag latest", ["trainers.image.tag=latest"], /'\/trainers\/image\/tag'/],
    ["two coordinators with one folder", ["coordinator.replicas=2"], /more than 1 needs a shared store; set artifacts/],
    ["no NATS at all", ["nats.enabled=false"], /nats\.url: name the addresses of your NATS/],
    ["an autoscaler of Kubernetes without a trainer", ["autoscaling.by=hpa", "autoscaling.minReplicas=0"], /keda/],
    ["a range without a number", ["autoscaling.minReplicas=9"], /maxReplicas: it is below/],
    ["more trials at once than a trainer has slots", ["trainers.trialsAtOnce=17"], /trialsAtOnce/],
    ["an ingress without a name", ["page.ingress.enabled=true"], /page\.ingress\.host/],
    [
      "tokens in clear text",
      ["security.enabled=true", "page.ingress.enabled=true", "page.ingress.host=tuning.example"],
      /page\.ingress\.tlsSecret: tokens would travel in clear text/,
    ],
    ["a host that is no name", ["page.hosts[0]=https://a.example"], /'\/page\/hosts\/0'/],
    ["two NATS", ["nats.url=nats://n"], /set nats\.enabled to false, or leave nats\.url empty/],
  ];
  for (const [what, set, message] of cases) {
    it(what, () => {
      assert.throws(() => template({ set }), message);
    });
  }
});

describe("the values of the Helm chart", { skip }, () => {
  it("name images by digest, or by tag", () => {
    const rendered = renderChart({
      set: [`trainers.image.digest=${DIGEST}`, "coordinator.image.repository=r.example/c", "coordinator.image.tag=1.2"],
    });
    assert.equal(containersOf(workload(rendered, "trainers"))[0]?.image, `sintonia-trainer@${DIGEST}`);
    assert.equal(containersOf(workload(rendered, "coordinator"))[0]?.image, "r.example/c:1.2");
  });

  it("replace the chart's NATS by another", () => {
    const rendered = renderChart({ set: ["nats.enabled=false", "nats.url=tls://n.example:4222"] });
    assert.deepEqual(
      workloads(rendered)
        .map(({ metadata }) => metadata.name)
        .sort(),
      ["coordinator", "trainers"],
    );
    assert.equal(environment(rendered, "trainers")["SINTONIA_NATS_URL"], "tls://n.example:4222");
  });

  it("set and override variables of one service", () => {
    const set = ["trainers.engine=tfjs-node", "trainers.environment.SINTONIA_COORDINATOR_ADDRESS=other:1"];
    const rendered = renderChart({ set });
    assert.equal(environment(rendered, "trainers")["SINTONIA_ENGINE"], "tfjs-node");
    assert.equal(environment(rendered, "trainers")["SINTONIA_COORDINATOR_ADDRESS"], "other:1");
    assert.equal(environment(rendered, "coordinator")["SINTONIA_ENGINE"], undefined);
  });

  it("let a trainer train several trials, which its autoscaler counts", () => {
    const thresholdOf = (trialsAtOnce: string) => {
      const set = [`trainers.trialsAtOnce=${trialsAtOnce}`, "autoscaling.by=keda"];
      const rendered = renderChart({ set });
      const scaler = rendered.find(({ kind }) => kind === "ScaledObject") as unknown as ScaledObject;
      const { threshold } = scaler.spec.triggers[0]?.metadata ?? {};
      return [environment(rendered, "trainers")["SINTONIA_TRIALS_AT_ONCE"], threshold];
    };
    assert.deepEqual(thresholdOf("1"), [undefined, "1"]);
    assert.deepEqual(thresholdOf("3"), ["3", "3"]);
    assert.deepEqual(thresholdOf("auto"), ["auto", "1"]);
  });

  it("let the coordinator use a bucket by the role of its account, without a key and a token", () => {
    const annotation = String.raw`coordinator.accountAnnotations.eks\.amazonaws\.com/role-arn=arn:aws:iam::1:role/r`;
    const rendered = renderChart({ set: ["artifacts.store=s3", "artifacts.s3.secret=", annotation] });
    const account = rendered.find(({ kind }) => kind === "ServiceAccount");
    assert.deepEqual(account?.metadata.annotations, { "eks.amazonaws.com/role-arn": "arn:aws:iam::1:role/r" });
    const { serviceAccountName, automountServiceAccountToken, volumes } =
      podOf(workload(rendered, "coordinator")).spec ?? {};
    assert.deepEqual([serviceAccountName, automountServiceAccountToken], [account?.metadata.name, false]);
    assert.ok(volumes?.every(({ name }) => name !== "s3"));
    assert.equal(environment(rendered, "coordinator")["AWS_ACCESS_KEY_ID_FILE"], undefined);
    assert.ok(rendered.every(({ kind }) => kind !== "Role"));
  });

  it("give a trainer's pod 40 s more than its drain takes", () => {
    const rendered = renderChart({ set: ["trainers.drainSeconds=100"] });
    assert.equal(environment(rendered, "trainers")["SINTONIA_DRAIN_MS"], "100000");
    assert.equal(podOf(workload(rendered, "trainers")).spec?.terminationGracePeriodSeconds, 140);
  });

  it("give two coordinators a disruption budget, and one none", () => {
    const shared = "artifacts.store=jetstream";
    const kindsOf = (count: number): readonly string[] =>
      renderChart({ set: [shared, `coordinator.replicas=${count}`] }).map(({ kind }) => kind);
    assert.ok(kindsOf(2).includes("PodDisruptionBudget"));
    assert.ok(!kindsOf(1).includes("PodDisruptionBudget"));
  });

  it("lead to the page by an ingress, whose name the page knows", () => {
    const ingress = ["enabled=true", "host=tuning.example", "tlsSecret=tuning-tls", "className=nginx"];
    const rendered = renderChart({
      set: ["page.hosts[0]=tuning.internal", ...ingress.map((value) => `page.ingress.${value}`)],
    });
    const { spec } = rendered.find(({ kind }) => kind === "Ingress") as unknown as { readonly spec: object };
    const backend = { service: { name: "coordinator", port: { name: "page" } } };
    assert.deepEqual(spec, {
      ingressClassName: "nginx",
      tls: [{ hosts: ["tuning.example"], secretName: "tuning-tls" }],
      rules: [{ host: "tuning.example", http: { paths: [{ path: "/", pathType: "Prefix", backend }] } }],
    });
    const settings = environment(rendered, "coordinator");
    assert.equal(settings["SINTONIA_PAGE_HOSTS"], "tuning.internal,tuning.example");
    assert.equal(settings["SINTONIA_PAGE_TLS"], "proxy");
  });

  it("leave the page out", () => {
    const rendered = renderChart({ set: ["page.enabled=false"] });
    assert.equal(environment(rendered, "coordinator")["SINTONIA_PAGE_ADDRESS"], undefined);
    assert.doesNotMatch(JSON.stringify(rendered), /7280/);
  });

  it("limit JetStream below the size of its volume", () => {
    const rendered = renderChart({ set: ["nats.storage.size=100Gi", "nats.storage.limit=90GiB"] });
    assert.match(JSON.stringify(rendered), /max_file_store: 90GiB/);
    assert.match(JSON.stringify(workload(rendered, "nats")), /"storage":"100Gi"/);
  });
});

function workload(rendered: readonly Manifest[], name: string): Workload {
  const found = workloads(rendered).find(({ metadata }) => metadata.name === name);
  assert.ok(found, name);
  return found;
}

function environment(rendered: readonly Manifest[], name: string): Readonly<Record<string, string>> {
  const [container] = containersOf(workload(rendered, name));
  assert.ok(container, name);
  return environmentOf(container, rendered);
}

interface ScaledObject {
  readonly spec: { readonly triggers: readonly { readonly metadata: { readonly threshold: string } }[] };
}
