// The component `network-policies` enforced: which connections pods can open, and that a study runs
// with no others.

import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { assertAllCompleted, type Results, SMALL_SPEC } from "../../support/cli.js";
import { missingForPods, NAMESPACE, PodCluster } from "../pod-cluster.js";
import { PodNetwork } from "../stand-in/network/pod-network.js";
import { FilteredNetwork, missingFilter } from "./filtered-network.js";

/** Time in ms after which a probe counts a connection as refused. Most refusals are answered. */
const PROBE_MS = 3_000;
const PROBE = `
  const [host, port] = process.argv.slice(1);
  const socket = require("node:net").connect({ host, port, timeout: ${PROBE_MS} });
  const end = (code) => () => process.exit(code);
  socket.on("connect", end(0)).on("error", end(1)).on("timeout", end(1));
`;

/** The pods, and the ports at which they listen. */
type PodName = "nats" | "coordinator" | "trainer" | "stranger";
type Probe = readonly [from: PodName, to: PodName, port: number];

const OPEN: readonly Probe[] = [
  ["trainer", "nats", 4222],
  ["trainer", "coordinator", 7230],
  ["coordinator", "nats", 4222],
  ["coordinator", "nats", 8222],
  ["stranger", "coordinator", 9464],
  ["stranger", "trainer", 9464],
];

const CLOSED: readonly Probe[] = [
  ["stranger", "coordinator", 7230],
  ["stranger", "nats", 4222],
  ["stranger", "nats", 8222],
  ["trainer", "nats", 8222],
  ["coordinator", "trainer", 9464],
  ["nats", "coordinator", 7230],
  ["nats", "trainer", 9464],
];

/**
 * What the stand-in cannot do as a cluster does: its name server is no pod, and its probes of pods
 * come from outside of the node, where policies hold.
 */
const standIn = (gateway: string): object => ({
  apiVersion: "networking.k8s.io/v1",
  kind: "NetworkPolicy",
  metadata: { name: "stand-in", namespace: NAMESPACE },
  spec: {
    podSelector: { matchLabels: { "app.kubernetes.io/part-of": "sintonia" } },
    policyTypes: ["Ingress", "Egress"],
    ingress: [{ from: [{ ipBlock: { cidr: `${gateway}/32` } }] }],
    egress: [{ to: [{ ipBlock: { cidr: `${gateway}/32` } }], ports: [{ protocol: "UDP", port: 53 }] }],
  },
});

/** A pod that is no part of Sintonia. */
const STRANGER = {
  apiVersion: "v1",
  kind: "Pod",
  metadata: { name: "stranger", namespace: NAMESPACE, labels: { "app.kubernetes.io/name": "stranger" } },
  spec: {
    automountServiceAccountToken: false,
    securityContext: {
      runAsNonRoot: true,
      runAsUser: 1000,
      runAsGroup: 1000,
      fsGroup: 1000,
      seccompProfile: { type: "RuntimeDefault" },
    },
    containers: [
      {
        name: "stranger",
        image: "sintonia-trainer:stranger",
        command: ["node", "--eval", "setInterval(() => {}, 60_000)"],
        securityContext: {
          allowPrivilegeEscalation: false,
          readOnlyRootFilesystem: true,
          capabilities: { drop: ["ALL"] },
        },
      },
    ],
  },
};

const kustomization = (components: readonly string[]): object => ({
  namespace: NAMESPACE,
  resources: ["../k8s/base"],
  components: components.map((name) => `../k8s/components/${name}`),
});

describe("network policies that are enforced", { skip: missingForPods() || missingFilter() }, () => {
  let network: PodNetwork;
  let cluster: PodCluster;
  let filtered: FilteredNetwork;

  before(async () => {
    network = await PodNetwork.create();
    cluster = await PodCluster.startOn(network);
    const { kubeconfig, folder } = cluster;
    filtered = new FilteredNetwork({ network, kubeconfig, folder });
    await cluster.makeNamespace();
    await cluster.install(kustomization([]));
    await cluster.kubectl.apply(STRANGER);
    for (const [name, count] of [
      ["nats", 1],
      ["coordinator", 1],
      ["trainer", 2],
      ["stranger", 1],
    ] as const)
      await cluster.ready(name, count);
  });
  after(async () => {
    await filtered?.stop();
    await cluster?.stop();
  });

  it("are not there at first, so that the probes below can fail", async () => {
    for (const probe of [...OPEN, ...CLOSED])
      await cluster.until(`${probe.join(" ")} is closed`, () => connects(probe));
  });

  it("refuse every connection that is not needed", async () => {
    await cluster.kubectl.apply(standIn(network.gateway));
    await cluster.install(kustomization(["network-policies"]));
    for (const probe of CLOSED)
      await cluster.until(`${probe.join(" ")} is open`, async () => {
        filtered.assertRuns();
        return !(await connects(probe));
      });
  });

  it("let through what is needed", async () => {
    for (const probe of OPEN) await cluster.until(`${probe.join(" ")} is closed`, () => connects(probe));
    // The policies of the component hold by now, not only that of the stand-in.
    for (const probe of CLOSED) assert.ok(!(await connects(probe)), probe.join(" "));
  });

  it("let a study complete", async () => {
    const spec = join(cluster.folder, "small.yaml");
    writeFileSync(spec, SMALL_SPEC);
    await cluster.sintonia("create", spec);
    assertAllCompleted(JSON.parse(await cluster.sintonia("watch", "small", "--json")) as Results, 3);
  });

  /** Opens a connection from inside a pod to the address of another one. */
  async function connects([from, to, port]: Probe): Promise<boolean> {
    const [client] = await cluster.pods(from);
    const [server] = await cluster.pods(to);
    const pid = cluster.nodes.networkPid(client?.metadata.name ?? "");
    assert.ok(pid !== undefined && server?.status.podIP !== undefined, `${from} or ${to} does not run`);
    const probe = [process.execPath, "--eval", PROBE, server.status.podIP, String(port)];
    return spawnSync("nsenter", [`--net=/proc/${pid}/ns/net`, ...probe]).status === 0;
  }
});
