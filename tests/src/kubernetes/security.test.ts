// The component security in pods, with the secrets that deploy/k8s/README.md makes, and two
// coordinators.

import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdirSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { connect } from "nats";
import { assertAllCompleted, type Results, SMALL_SPEC } from "../support/cli.js";
import { startTcpProxy, type TcpProxy } from "../support/tcp-proxy.js";
import { missingForPods, NAMESPACE, PodCluster, sintonia } from "./pod-cluster.js";

describe("a study in pods with the component security", { skip: missingForPods() }, () => {
  let cluster: PodCluster;
  let folder: string;
  /** Stands in for kubectl port-forward. */
  let forward: TcpProxy;

  before(async () => {
    cluster = await PodCluster.start();
    folder = join(cluster.folder, "secrets");
    mkdirSync(folder);
    makeCertificate(folder);
    await cluster.makeNamespace();
    await makeSecrets();
    const components = ["security", "jetstream"].map((name) => `../k8s/components/${name}`);
    await cluster.install({ namespace: NAMESPACE, resources: ["../k8s/base"], components });
    await cluster.ready("coordinator", 2);
    const [host = "", port] = (await cluster.addressOf("coordinator")).split(":");
    forward = await startTcpProxy({ host, port: Number(port) });
  });
  after(async () => {
    await forward?.close();
    await cluster?.stop();
  });

  it("completes, and leaves a model to download, for an operator with a token", async () => {
    const spec = join(folder, "small.yaml");
    writeFileSync(spec, SMALL_SPEC);
    await cluster.sintonia("create", spec, ...asOperator());
    assertAllCompleted(JSON.parse(await cluster.sintonia("watch", "small", "--json", ...asOperator())) as Results, 3);
    const model = join(folder, "model");
    await cluster.sintonia("best", "small", "--download", model, ...asOperator());
    assert.ok(readdirSync(model).includes("model.keras"));
  });

  it("is shown by each coordinator, with one certificate for both", async () => {
    for (const { status } of await cluster.pods("coordinator")) {
      const direct = await startTcpProxy({ host: String(status.podIP), port: 7230 });
      try {
        assert.match(await cluster.sintonia("list", ...asOperator(direct.port)), /small/);
      } finally {
        await direct.close();
      }
    }
  });

  it("is closed to a caller without a token, and to one without TLS", async () => {
    const [address = "", ...rest] = asOperator().slice(1);
    const authority = rest.slice(0, 2);
    await assert.rejects(cluster.sintonia("list", "--coordinator", address, ...authority), /token/);
    await assert.rejects(cluster.sintonia("list"));
  });

  it("is closed to a client of NATS without a user", async () => {
    const server = `${await cluster.podAddress("nats")}:4222`;
    await assert.rejects(connect({ servers: server, maxReconnectAttempts: 0 }), /Authorization Violation/i);
  });

  function asOperator(port = forward.port): string[] {
    const certificates = ["--ca-file", join(folder, "ca.crt")];
    return ["--coordinator", `localhost:${port}`, ...certificates, "--token-file", join(folder, "ada.token")];
  }

  async function makeSecrets(): Promise<void> {
    const tokens = join(folder, "tokens");
    const token = (role: string, name: string): Promise<string> =>
      sintonia(["token", "create", "--role", role, "--name", name, "--file", tokens]);
    writeFileSync(join(folder, "ada.token"), await token("operator", "ada"));
    writeFileSync(join(folder, "trainer.token"), await token("trainer", "trainers-*"));
    await sintonia(["nats-users", "--folder", join(folder, "nats")]);
    const files: Readonly<Record<string, readonly string[]>> = {
      "coordinator-tls": ["tls.crt", "tls.key", "ca.crt"],
      "coordinator-tokens": ["tokens"],
      "trainer-token": ["token=trainer.token"],
      "nats-users": ["nats/users.conf"],
      "nats-coordinator": ["seed=nats/coordinator.seed"],
      "nats-trainer": ["seed=nats/trainer.seed"],
    };
    for (const [name, sources] of Object.entries(files)) {
      const options = sources.map((source) => `--from-file=${inFolder(source)}`);
      await cluster.kubectl.run("create", "secret", "generic", name, ...options, "--namespace", NAMESPACE);
    }
  }

  /** Puts the folder before the file of `file` or `key=file`. */
  function inFolder(source: string): string {
    const [first = "", second] = source.split("=");
    return second === undefined ? join(folder, first) : `${first}=${join(folder, second)}`;
  }
});

/** Makes an authority, and a certificate for the service and for a port-forward. */
function makeCertificate(folder: string): void {
  const make = (...args: string[]): void => {
    const key = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2"];
    execFileSync("openssl", ["req", "-x509", ...key, ...args], { cwd: folder, stdio: "pipe" });
  };
  make("-subj", "/CN=authority", "-keyout", "ca.key", "-out", "ca.crt");
  const signer = ["-CA", "ca.crt", "-CAkey", "ca.key", "-addext", "subjectAltName=DNS:coordinator,DNS:localhost"];
  make("-subj", "/CN=coordinator", "-keyout", "tls.key", "-out", "tls.crt", ...signer);
}
