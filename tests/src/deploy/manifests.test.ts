// Rules for every manifest of deploy/k8s/base, as kubectl renders it.

import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, it } from "node:test";
import { createNkey } from "@sintonia/runtime/nats/nkey";
import { parseServers } from "@sintonia/runtime/nats/servers";
import type { IPodDisruptionBudget } from "kubernetes-models/policy/v1/PodDisruptionBudget";
import type { IContainer } from "kubernetes-models/v1/Container";
import { variablesUnknownTo } from "./environment.js";
import {
  containersOf,
  environmentOf,
  hasKubectl,
  type Manifest,
  podOf,
  render,
  services,
  type Workload,
  workloads,
} from "./manifests.js";
import { ROOT, type ServiceName } from "./repository.js";
import { schemaProblems } from "./schema.js";

const skip = hasKubectl() ? false : "kubectl is not on the PATH, so nothing renders the manifests";
const manifests = skip === false ? render("deploy/k8s/base") : [];

function hasNatsServer(): boolean {
  return spawnSync("nats-server", ["--version"]).status === 0;
}

/** Service of each of our images, by the image name in the manifests. */
const IMAGES: Readonly<Record<string, ServiceName>> = {
  "sintonia-coordinator": "coordinator",
  "sintonia-trainer": "trainer",
};

function everyContainer(): readonly { workload: Workload; container: IContainer; name: string }[] {
  return workloads(manifests).flatMap((workload) =>
    containersOf(workload).map((container) => ({ workload, container, name: workload.metadata.name })),
  );
}

/** Returns the containers of our images, with the environment of their process. */
function ownContainers(): readonly { service: ServiceName; container: IContainer; env: Record<string, string> }[] {
  return everyContainer().flatMap(({ container }) => {
    const service = IMAGES[container.image?.split(":")[0] ?? ""];
    return service === undefined ? [] : [{ service, container, env: { ...environmentOf(container, manifests) } }];
  });
}

describe("the base manifests", { skip }, () => {
  it("run NATS, the coordinator and trainers", () => {
    assert.deepEqual(
      workloads(manifests)
        .map(({ metadata }) => metadata.name)
        .sort(),
      ["coordinator", "nats", "trainers"],
    );
  });

  it("match the schemas of Kubernetes and have no unknown field", async () => {
    for (const manifest of [...manifests, ...render("deploy/k8s/namespace")]) {
      assert.deepEqual(await schemaProblems(manifest), [], `${manifest.kind} ${manifest.metadata.name}`);
    }
  });

  it("carry the recommended labels", () => {
    for (const { kind, metadata } of manifests) {
      assert.equal(metadata.labels?.["app.kubernetes.io/part-of"], "sintonia", `${kind} ${metadata.name}`);
    }
    for (const workload of workloads(manifests)) {
      const labels = podOf(workload).metadata?.labels;
      assert.ok(labels?.["app.kubernetes.io/name"], workload.metadata.name);
      assert.equal(labels["app.kubernetes.io/part-of"], "sintonia", workload.metadata.name);
    }
  });

  it("select pods that exist", () => {
    for (const workload of workloads(manifests)) {
      assert.ok(selects(workload.spec?.selector.matchLabels, workload), workload.metadata.name);
    }
    for (const service of services(manifests)) {
      assert.equal(podsBehind(service.spec?.selector).length, 1, service.metadata.name);
    }
  });

  it("name the ports of containers, and refer to existing ports in services and probes", () => {
    for (const { container, name } of everyContainer()) {
      for (const port of container.ports ?? []) assert.ok(port.name, `${name}: ${port.containerPort} has no name`);
      for (const port of probedPorts(container)) assert.ok(hasPort(container, port), `${name}: probe of ${port}`);
    }
    for (const { metadata, spec } of services(manifests)) {
      const containers = podsBehind(spec?.selector).flatMap(containersOf);
      for (const { targetPort } of spec?.ports ?? []) {
        assert.ok(
          containers.some((container) => hasPort(container, targetPort)),
          `${metadata.name}: ${targetPort}`,
        );
      }
    }
  });

  it("probe every container that serves more than its metrics", () => {
    for (const { container, name } of everyContainer()) {
      if ((container.ports ?? []).every((port) => port.name === "metrics")) continue;
      assert.ok(container.startupProbe && container.readinessProbe && container.livenessProbe, name);
    }
  });
});

describe("the base manifests keep to the restricted profile", { skip }, () => {
  it("which the namespace enforces", () => {
    const namespace = render("deploy/k8s/namespace").find(({ kind }) => kind === "Namespace");
    assert.equal(namespace?.metadata.labels?.["pod-security.kubernetes.io/enforce"], "restricted");
  });

  it("in every pod", () => {
    for (const workload of workloads(manifests)) {
      const { securityContext, automountServiceAccountToken } = podOf(workload).spec ?? {};
      const { name } = workload.metadata;
      assert.equal(securityContext?.runAsNonRoot, true, name);
      assert.ok((securityContext.runAsUser ?? 0) > 0, name);
      assert.equal(securityContext.seccompProfile?.type, "RuntimeDefault", name);
      assert.equal(automountServiceAccountToken, false, name);
    }
  });

  it("in every container, with a read-only root file system", () => {
    for (const { container, name } of everyContainer()) {
      assert.equal(container.securityContext?.allowPrivilegeEscalation, false, name);
      assert.equal(container.securityContext.readOnlyRootFilesystem, true, name);
      assert.deepEqual(container.securityContext.capabilities, { drop: ["ALL"] }, name);
    }
  });
});

describe("an installation of the base manifests", { skip }, () => {
  it("fits on a node of 2 CPUs, of which the system takes half a CPU", () => {
    const cpus = everyContainer().map(({ workload, container }) => {
      const request = String(container.resources?.requests?.["cpu"]);
      return (workload.spec?.replicas ?? 1) * (request.endsWith("m") ? Number.parseInt(request, 10) / 1000 : +request);
    });
    const sum = cpus.reduce((total, cpu) => total + cpu, 0);
    assert.ok(sum <= 1.5, `${sum} CPUs`);
  });

  it("puts NATS and the coordinator before the trainers", () => {
    const classes = new Map(
      workloads(manifests).map((each) => [each.metadata.name, podOf(each).spec?.priorityClassName]),
    );
    const priorityOf = (name: string): number => {
      const found = manifests.find(
        ({ kind, metadata }) => kind === "PriorityClass" && metadata.name === classes.get(name),
      );
      return (found as unknown as { value: number }).value;
    };
    assert.ok(Math.min(priorityOf("nats"), priorityOf("coordinator")) > priorityOf("trainers"));
  });

  it("can be deleted without its namespace and its volumes", () => {
    const kinds = manifests.map(({ kind }) => kind);
    assert.ok(!kinds.includes("Namespace") && !kinds.includes("PersistentVolumeClaim"), kinds.join(", "));
  });

  it("has addresses that follow a prefix of names and another namespace", async (context) => {
    const folder = mkdtempSync(join(tmpdir(), "sintonia-overlay-"));
    context.after(() => rmSync(folder, { recursive: true }));
    cpSync(join(ROOT, "deploy/k8s"), join(folder, "k8s"), { recursive: true });
    const overlay =
      "namePrefix: team-\nnamespace: other\nresources: [k8s/base]\nreplacements: [{ path: k8s/base/addresses.yaml }]\n";
    writeFileSync(join(folder, "kustomization.yaml"), overlay);
    const rendered = render(folder);
    for (const manifest of rendered) assert.deepEqual(await schemaProblems(manifest), [], manifest.metadata.name);
    assert.deepEqual(
      services(rendered)
        .map(({ metadata }) => metadata.name)
        .sort(),
      ["team-coordinator", "team-nats"],
    );
    const trainers = workloads(rendered).find(({ metadata }) => metadata.name === "team-trainers");
    const [container] = trainers === undefined ? [] : containersOf(trainers);
    const env = container === undefined ? {} : environmentOf(container, rendered);
    assert.equal(env["SINTONIA_NATS_URL"], "nats://team-nats");
    assert.equal(env["SINTONIA_COORDINATOR_ADDRESS"], "team-coordinator:7230");
  });
});

describe("the components with a shared store of artifacts", { skip }, () => {
  const cases = [
    ["s3", "s3://sintonia"],
    ["security, k8s/components/s3", "s3://sintonia"],
    ["jetstream", "jetstream"],
    ["security, k8s/components/jetstream", "jetstream"],
  ] as const;
  for (const [components, place] of cases) {
    it(`have two coordinators without a volume of their own: ${components}`, async (context) => {
      const folder = mkdtempSync(join(tmpdir(), "sintonia-shared-"));
      context.after(() => rmSync(folder, { recursive: true }));
      cpSync(join(ROOT, "deploy/k8s"), join(folder, "k8s"), { recursive: true });
      const kustomization = `resources: [k8s/base]\ncomponents: [k8s/components/${components}]\n`;
      writeFileSync(join(folder, "kustomization.yaml"), kustomization);
      const rendered = render(folder);
      for (const manifest of rendered) assert.deepEqual(await schemaProblems(manifest), [], manifest.metadata.name);
      const coordinators = workloads(rendered).filter(({ metadata }) => metadata.name === "coordinator");
      assert.deepEqual(
        coordinators.map(({ kind, spec }) => [kind, spec?.replicas]),
        [["Deployment", 2]],
      );
      const [coordinator] = coordinators as [Workload];
      assert.ok(!JSON.stringify(coordinator).includes("laim"));
      assert.deepEqual(rolloutOf(coordinator), { maxSurge: 1, maxUnavailable: 0 });
      assert.deepEqual(budgetsOf(rendered, coordinator), [1]);
      const [container] = containersOf(coordinator);
      assert.equal(container?.startupProbe?.grpc?.service, "liveness");
      assert.equal(container?.readinessProbe?.grpc?.service, undefined);
      const env = container === undefined ? {} : environmentOf(container, rendered);
      assert.equal(env["SINTONIA_ARTIFACTS"], place);
      // In place of the files of secrets, which only the pods have.
      const mounted = Object.entries(env).map(([name, value]) => [name.replace(/^(AWS.*|.*NKEY)_FILE$/, "$1"), value]);
      assert.deepEqual(variablesUnknownTo("coordinator", Object.fromEntries(mounted)), []);
    });
  }
});

/** Returns the limits of a Deployment's rollout. */
function rolloutOf({ spec }: Workload): unknown {
  return spec !== undefined && "strategy" in spec ? spec.strategy?.rollingUpdate : undefined;
}

/** Returns how many pods of a workload each disruption budget gives up at a time. */
function budgetsOf(rendered: readonly Manifest[], workload: Workload): readonly unknown[] {
  const budgets = rendered.filter(({ kind }) => kind === "PodDisruptionBudget") as IPodDisruptionBudget[];
  const own = budgets.filter(({ spec }) => selects(spec?.selector?.matchLabels, workload));
  return own.map(({ spec }) => spec?.maxUnavailable);
}

describe("the component security", { skip }, () => {
  it("gives the coordinator TLS, tokens and probes without TLS, and the trainers what they need", async (context) => {
    const folder = mkdtempSync(join(tmpdir(), "sintonia-security-"));
    context.after(() => rmSync(folder, { recursive: true }));
    cpSync(join(ROOT, "deploy/k8s"), join(folder, "k8s"), { recursive: true });
    writeFileSync(join(folder, "kustomization.yaml"), "resources: [k8s/base]\ncomponents: [k8s/components/security]\n");
    const rendered = render(folder);
    for (const manifest of rendered) assert.deepEqual(await schemaProblems(manifest), [], manifest.metadata.name);
    const nats = workloads(rendered).find(({ metadata }) => metadata.name === "nats");
    const users = nats && podOf(nats).spec?.volumes?.find(({ name }) => name === "users");
    assert.deepEqual(users, { name: "users", secret: { secretName: "nats-users", defaultMode: 0o440 } });
    for (const [name, service] of [
      ["coordinator", "coordinator"],
      ["trainers", "trainer"],
    ] as const) {
      const workload = workloads(rendered).find(({ metadata }) => metadata.name === name);
      assert.ok(workload !== undefined);
      const [container] = containersOf(workload);
      assert.ok(container !== undefined);
      const env = environmentOf(container, rendered);
      // The config reads the seed, which a secret of the cluster has.
      const seed = join(folder, "seed");
      writeFileSync(seed, createNkey().seed);
      assert.deepEqual(variablesUnknownTo(service, { ...env, SINTONIA_NATS_NKEY_FILE: seed }), []);
      const mounts = (container.volumeMounts ?? []).map(({ mountPath }) => mountPath);
      const files = Object.entries(env).filter(([variable, path]) => variable.endsWith("_FILE") && path !== "");
      assert.ok(files.length >= 2, name);
      for (const [, path] of files) assert.ok(mounts.includes(path.slice(0, path.lastIndexOf("/"))), path);
      if (name !== "coordinator") continue;
      assert.equal(env["SINTONIA_GRPC_SECURITY"], "required");
      const probes = [container.startupProbe, container.readinessProbe, container.livenessProbe];
      assert.deepEqual(
        probes.map((probe) => String(probe?.grpc?.port)),
        Array(3).fill(env["SINTONIA_HEALTH_PORT"]),
      );
    }
  });
});

describe("the configuration of NATS in the manifests", {
  skip: hasNatsServer() ? false : "nats-server is not on the PATH",
}, () => {
  for (const [title, users] of [
    ["without users", readFileSync(join(ROOT, "deploy/k8s/base/nats-users.conf"), "utf8")],
    ["with users", 'authorization { users: [{ user: "u", password: "p" }] }'],
  ] as const) {
    it(`is one that nats-server accepts, ${title}`, (context) => {
      const folder = mkdtempSync(join(tmpdir(), "sintonia-nats-"));
      context.after(() => rmSync(folder, { recursive: true }));
      const config = readFileSync(join(ROOT, "deploy/k8s/base/nats.conf"), "utf8");
      // Servers before 2.10 refuse this field, and are good enough for the others.
      writeFileSync(join(folder, "nats.conf"), config.replace(/^ *sync_interval: always$/m, ""));
      mkdirSync(join(folder, "users"));
      writeFileSync(join(folder, "users", "users.conf"), users);
      const { status, stderr } = spawnSync("nats-server", ["-t", "--config", join(folder, "nats.conf")]);
      assert.equal(status, 0, String(stderr));
    });
  }
});

describe("the containers of the base manifests", { skip }, () => {
  it("come from images with a fixed tag", () => {
    for (const { container } of everyContainer()) assert.match(container.image ?? "", /^[^:]+:(?!latest$).+$/);
  });

  it("request processor and memory, and limit memory", () => {
    for (const { container, name } of everyContainer()) {
      const { requests, limits } = container.resources ?? {};
      assert.ok(requests?.["cpu"] && requests["memory"] && limits?.["memory"], name);
    }
  });

  it("mount only volumes that exist", () => {
    for (const { workload, container, name } of everyContainer()) {
      const claims = "volumeClaimTemplates" in (workload.spec ?? {}) ? claimNames(workload) : [];
      const known = [...(podOf(workload).spec?.volumes ?? []).map((volume) => volume.name), ...claims];
      for (const mount of container.volumeMounts ?? []) assert.ok(known.includes(mount.name), `${name}: ${mount.name}`);
    }
  });

  it("set only variables that their service reads, to valid values", () => {
    for (const { service, env } of ownContainers()) assert.deepEqual(variablesUnknownTo(service, env), [], service);
  });

  it("write their folders to volumes", () => {
    for (const { service, container, env } of ownContainers()) {
      const mounted = (container.volumeMounts ?? []).map(({ mountPath }) => mountPath);
      for (const [name, folder] of Object.entries(env)) {
        if (/^SINTONIA_\w+_DIR$/.test(name)) assert.ok(mounted.includes(folder), `${service}: ${name} is ${folder}`);
      }
    }
  });

  it("have addresses of existing services in their environment", () => {
    const known = services(manifests).flatMap(({ metadata, spec }) =>
      (spec?.ports ?? []).map(({ port }) => `${metadata.name}:${port}`),
    );
    for (const { service, env } of ownContainers()) {
      assert.ok(known.includes(parseServers(env["SINTONIA_NATS_URL"] ?? "").addresses[0] ?? ""), service);
    }
    const trainer = ownContainers().find(({ service }) => service === "trainer");
    assert.ok(known.includes(trainer?.env["SINTONIA_COORDINATOR_ADDRESS"] ?? ""));
  });

  it("expose the ports on which the coordinator and the trainers listen", () => {
    for (const { service, container, env } of ownContainers()) {
      const metrics = env["SINTONIA_METRICS_ADDRESS"]?.replace("0.0.0.0:", "");
      const page = env["SINTONIA_PAGE_ADDRESS"]?.replace("0.0.0.0:", "");
      const listening = service === "coordinator" ? [env["SINTONIA_GRPC_PORT"], page, metrics] : [metrics];
      const exposed = container.ports?.map(({ containerPort }) => String(containerPort));
      assert.deepEqual(exposed, listening, service);
    }
  });

  it("name each trainer after its pod", () => {
    const { env } = ownContainers().find(({ service }) => service === "trainer") ?? {};
    assert.equal(env?.["SINTONIA_TRAINER_NAME"], "metadata.name");
  });
});

describe("the check of schemas", () => {
  it("finds wrong types, missing fields and unknown fields", async () => {
    const metadata = { name: "x" };
    const service = { apiVersion: "v1", kind: "Service", metadata };
    const typo = { ...service, spec: { ports: [{ port: 1, tragetPort: 1 }] } } as Manifest;
    const wrong = { ...service, spec: { ports: "1" } } as Manifest;
    const missing = { apiVersion: "apps/v1", kind: "Deployment", metadata, spec: { replicas: 1 } } as Manifest;
    assert.deepEqual(await schemaProblems(typo), ["/spec/ports/0/tragetPort is no field of Service"]);
    assert.match(String(await schemaProblems(wrong)), /spec\/ports must be array/);
    assert.match(String(await schemaProblems(missing)), /must have required property selector/);
  });
});

function selects(labels: Readonly<Record<string, string>> | undefined, workload: Workload): boolean {
  const found: Readonly<Record<string, string>> = podOf(workload).metadata?.labels ?? {};
  const wanted = Object.entries(labels ?? {});
  return wanted.length > 0 && wanted.every(([key, value]) => found[key] === value);
}

function podsBehind(labels: Readonly<Record<string, string>> | undefined): readonly Workload[] {
  return workloads(manifests).filter((workload) => selects(labels, workload));
}

function probedPorts({ startupProbe, readinessProbe, livenessProbe }: IContainer): readonly (string | number)[] {
  const probes = [startupProbe, readinessProbe, livenessProbe];
  return probes.flatMap((probe) => probe?.grpc?.port ?? probe?.httpGet?.port ?? []);
}

function hasPort(container: IContainer, port: string | number | undefined): boolean {
  return (container.ports ?? []).some(({ name, containerPort }) => name === port || containerPort === port);
}

function claimNames({ spec }: Workload): readonly (string | undefined)[] {
  const claims = spec !== undefined && "volumeClaimTemplates" in spec ? (spec.volumeClaimTemplates ?? []) : [];
  return claims.map(({ metadata }) => metadata?.name);
}
