// A coordinator with TLS and tokens, a trainer and the command line, as an operator sets them up.

import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { fileURLToPath } from "node:url";
import { freePorts } from "@sintonia/cli/system/ports";
import { connectAdminService, connectTrainerService } from "@sintonia/runtime/grpc/client";
import { CertificateFolder } from "@sintonia/runtime/grpc/security/certificates.fixture";
import { clientSecurity } from "@sintonia/runtime/grpc/security/client-security";
import { createToken } from "@sintonia/runtime/grpc/security/token-list";
import { createChannel, createClient, Status } from "nice-grpc";
import { HealthDefinition } from "nice-grpc-server-health";
import { type NatsServer, startNatsServer } from "../support/nats-server.js";
import { CoordinatorProcess } from "../support/service-process.js";

const CLI = fileURLToPath(import.meta.resolve("@sintonia/cli/main"));
const LIMIT = { timeout: 300_000 };

interface Ended {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

describe("a coordinator that lets in only known callers", LIMIT, () => {
  const folder = mkdtempSync(join(tmpdir(), "sintonia-security-"));
  const certificates = new CertificateFolder();
  const state = join(folder, "state");
  let nats: NatsServer;
  let coordinator: CoordinatorProcess;
  let address: string;
  let healthPort: number;

  const token = (name: string, role: "operator" | "viewer" | "trainer"): string => {
    const made = createToken({ name, role });
    writeFileSync(join(folder, "tokens"), `${made.line}\n`, { flag: "a" });
    writeFileSync(join(folder, `${name}.token`), made.token);
    return join(folder, `${name}.token`);
  };

  const sintonia = async (...args: string[]): Promise<Ended> => {
    const env = { ...process.env, SINTONIA_COORDINATOR_ADDRESS: address };
    return await new Promise((resolve) => {
      execFile(process.execPath, [CLI, ...args], { env }, (error, stdout, stderr) =>
        resolve({ code: Number(error?.code ?? 0), stdout, stderr }),
      );
    });
  };

  const authority = (): string[] => ["--ca-file", certificates.certificate("authority")];

  before(async () => {
    const users = await sintonia("nats-users", "--folder", join(folder, "nats"));
    assert.equal(users.code, 0, users.stderr);
    nats = await startNatsServer(["--jetstream", "--config", join(folder, "nats", "users.conf")]);
    for (const [name, role] of [
      ["ada", "operator"],
      ["vera", "viewer"],
      ["gpu-1", "trainer"],
    ] as const)
      token(name, role);
    [healthPort = 0] = await freePorts(1);
    coordinator = new CoordinatorProcess({
      SINTONIA_HEALTH_PORT: String(healthPort),
      SINTONIA_NATS_URL: nats.url,
      SINTONIA_NATS_SECURITY: "required",
      SINTONIA_NATS_NKEY_FILE: join(folder, "nats", "coordinator.seed"),
      SINTONIA_STATE_DIR: state,
      SINTONIA_GRPC_SECURITY: "required",
      SINTONIA_GRPC_TLS_CERT_FILE: certificates.certificate("server"),
      SINTONIA_GRPC_TLS_KEY_FILE: certificates.key("server"),
      SINTONIA_GRPC_TOKENS_FILE: join(folder, "tokens"),
    });
    address = `localhost:${(await coordinator.address()).split(":").at(-1)}`;
    await coordinator.line("coordinator ready");
  });
  after(async () => {
    await coordinator.end();
    await nats.stop();
    certificates.delete();
    rmSync(folder, { recursive: true });
  });

  it("answers the command line of an operator and of a viewer, who may not change anything", async () => {
    const ada = [...authority(), "--token-file", join(folder, "ada.token"), "--json"];
    const vera = [...authority(), "--token-file", join(folder, "vera.token"), "--json"];
    const created = await sintonia("create", "mnist-init", ...ada);
    assert.equal(created.code, 0, created.stderr);
    const listed = await sintonia("list", ...vera);
    assert.match(listed.stdout, /mnist-init/, listed.stderr);
    const stopped = await sintonia("stop", "mnist-init", ...vera);
    assert.equal(stopped.code, 1);
    assert.match(stopped.stderr, /"code":"PERMISSION_DENIED".*vera has the role viewer and may not call StopStudy/);
  });

  it("says in one line what a command without a token or without trust lacks", async () => {
    const unknown = await sintonia("list", ...authority());
    assert.match(
      unknown.stderr,
      /^error: the coordinator at localhost:\d+ does not let this command in .*--token-file.*\n$/,
    );
    const stranger = ["--ca-file", certificates.certificate("foreign"), "--token-file", join(folder, "ada.token")];
    const untrusted = await sintonia("list", ...stranger);
    assert.match(untrusted.stderr, /^error: no secure connection to the coordinator at localhost:\d+ .*--ca-file.*\n$/);
    const plain = await sintonia("list");
    assert.equal(plain.code, 1);
    assert.match(plain.stderr, /^error: no coordinator answers at localhost:\d+: if it has TLS, .*--ca-file .*\n$/);
    // Node warns of the IP address, which is of no use to a person.
    const byNumber = ["--coordinator", address.replace("localhost", "127.0.0.1"), "--token-file"];
    const listed = await sintonia("list", ...authority(), ...byNumber, join(folder, "ada.token"));
    assert.deepEqual([listed.code, listed.stderr], [0, ""]);
  });

  it("answers probes without TLS on a port that answers nothing else", async () => {
    const plain = `127.0.0.1:${healthPort}`;
    const channel = createChannel(plain);
    const { status } = await createClient(HealthDefinition, channel).check({ service: "" });
    assert.equal(status, 1);
    channel.close();
    const { client, close } = connectAdminService(plain);
    await assert.rejects(client.listStudies({}), { code: Status.UNIMPLEMENTED });
    close();
  });

  it("lets a trainer train in its own name only", async () => {
    const security = clientSecurity(
      {
        coordinatorCaFile: certificates.certificate("authority"),
        coordinatorTokenFile: join(folder, "gpu-1.token"),
      },
      address,
    );
    const { client, close } = connectTrainerService(address, security);
    const beat = (id: string) => client.heartbeat({ trainer: { id, engine: "onnx" } });
    await beat("gpu-1-0a1b2c");
    await assert.rejects(beat("gpu-2-0a1b2c"), { code: Status.PERMISSION_DENIED });
    close();
  });

  it("leaves entries of what they did and tried, all of them once the coordinator has ended", async () => {
    await coordinator.end();
    const entries = readFileSync(join(state, "audit", "audit.jsonl"), "utf8");
    assert.match(entries, /"caller":"ada","role":"operator".*"call":"CreateStudy","study":"mnist-init","outcome":"OK"/);
    assert.match(entries, /"caller":"vera","role":"viewer".*"call":"StopStudy","outcome":"PERMISSION_DENIED"/);
  });

  it("does not start where NATS lets everybody in, nor without its key where it does not", async (context) => {
    const stateDir = { SINTONIA_STATE_DIR: join(folder, "other"), SINTONIA_NATS_SECURITY: "required" };
    const open = await startNatsServer();
    context.after(() => open.stop());
    const refusing = new CoordinatorProcess({ ...stateDir, SINTONIA_NATS_URL: open.url });
    assert.equal(await refusing.ended(), 1);
    assert.match(refusing.errors, /^coordinator: NATS at 127\.0\.0\.1:\d+ asks for no login.*sintonia nats-users.*\n$/);
    const stranger = new CoordinatorProcess({ ...stateDir, SINTONIA_NATS_URL: nats.url });
    assert.equal(await stranger.ended(), 1);
    assert.match(stranger.errors, /^coordinator: NATS at .* refused the connection.*\n$/);
  });

  it("keeps the seeds that it has made", async () => {
    const seed = join(folder, "nats", "trainer.seed");
    const before = readFileSync(seed, "utf8");
    const again = await sintonia("nats-users", "--folder", join(folder, "nats"));
    assert.equal(again.code, 1);
    assert.match(again.stderr, /^error: .*users\.conf exists and is kept; .*\n$/);
    assert.equal(readFileSync(seed, "utf8"), before);
    assert.equal(statSync(seed).mode & 0o077, 0);
  });

  it("does not start without TLS and without authentication", async () => {
    const open = new CoordinatorProcess({ SINTONIA_NATS_URL: nats.url, SINTONIA_GRPC_SECURITY: "required" });
    assert.equal(await open.ended(), 1);
    assert.match(open.errors, /the gRPC server on 127.0.0.1 has no TLS .* and no authentication/);
  });
});
