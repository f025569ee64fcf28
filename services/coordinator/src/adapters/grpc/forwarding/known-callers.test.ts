// Who calls, at a leader that lets in known callers only and gets calls from a follower.

import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, it } from "node:test";
import type { Caller } from "@sintonia/protocol/caller";
import { type Connected, connectAdminService, connectTrainerService } from "@sintonia/runtime/grpc/client";
import { type CallerContext, VOUCHED_METADATA } from "@sintonia/runtime/grpc/security/authentication";
import { CertificateFolder } from "@sintonia/runtime/grpc/security/certificates.fixture";
import { clientSecurity } from "@sintonia/runtime/grpc/security/client-security";
import { type ServerSecuritySettings, serverSecurity } from "@sintonia/runtime/grpc/security/server-security";
import { createToken } from "@sintonia/runtime/grpc/security/token-list";
import { createLogger } from "@sintonia/runtime/logger";
import { Metadata, Status } from "nice-grpc";
import { type LinkSettings, linkSecurity } from "../../../link.js";
import type { Standing } from "../../../shell/leadership/leading.js";
import { type CoordinatorServer, startCoordinatorServer, type TermServices } from "../server.js";

const logger = createLogger({ service: "coordinator", instance: "test", level: "silent" });
const audit = { record: () => undefined, close: async () => undefined };

describe("a leader that lets in known callers, and a follower", () => {
  let folder: CertificateFolder;
  let callers: Caller[];
  let leader: CoordinatorServer;
  const servers: CoordinatorServer[] = [];
  const connections: Pick<Connected<never>, "close">[] = [];

  beforeEach(() => {
    folder = new CertificateFolder();
    callers = [];
  });
  afterEach(async () => {
    for (const { close } of connections.splice(0)) close();
    await Promise.all(servers.splice(0).map((server) => server.stop(0)));
    folder.delete();
  });

  const authority = () => folder.certificate("authority");
  const settings = (given: Partial<ServerSecuritySettings>): ServerSecuritySettings => ({
    grpcSecurity: "required",
    grpcTlsCertFile: folder.certificate("server"),
    grpcTlsKeyFile: folder.key("server"),
    grpcTlsClientCaFile: undefined,
    grpcTokensFile: undefined,
    ...given,
  });

  async function start(standing: Standing, server: ServerSecuritySettings, link: Partial<LinkSettings> = {}) {
    const answer = async (_: unknown, { caller }: CallerContext) => {
      callers.push(caller);
      return {};
    };
    const services = { trainer: { heartbeat: answer }, admin: { listStudies: answer } } as unknown as TermServices;
    const started = await startCoordinatorServer(
      { standing: () => standing, services: () => services, logger, audit },
      {
        host: "127.0.0.1",
        port: 0,
        security: serverSecurity(server, "127.0.0.1", logger),
        link: linkSecurity({ ...server, ...NO_LINK, coordinatorCaFile: authority(), ...link }),
      },
    );
    servers.push(started);
    return started;
  }

  /** Starts a leader and a follower. Returns the address of the follower. */
  async function startBoth(given: Partial<ServerSecuritySettings>, link: Partial<LinkSettings> = {}): Promise<string> {
    leader = await start({ kind: "serving", signal: new AbortController().signal }, settings(given));
    const address = `127.0.0.1:${leader.port}`;
    return `127.0.0.1:${(await start({ kind: "following", leader: address }, settings(given), link)).port}`;
  }

  function beat(address: string, certificate: "trainer" | "coordinator", metadata = Metadata()) {
    const files = { coordinatorCertFile: folder.certificate(certificate), coordinatorKeyFile: folder.key(certificate) };
    const connected = connectTrainerService(address, clientSecurity({ coordinatorCaFile: authority(), ...files }, ""));
    connections.push(connected);
    return connected.client.heartbeat({}, { metadata });
  }

  const asCoordinator = () => ({
    coordinatorCertFile: folder.certificate("coordinator"),
    coordinatorKeyFile: folder.key("coordinator"),
  });

  it("know the bearer of a token alike", async () => {
    const { token, line } = createToken({ name: "ada", role: "viewer" });
    const [tokens, own] = ["tokens", "token"].map((name) => join(folder.path, name)) as [string, string];
    writeFileSync(tokens, line);
    writeFileSync(own, token);
    const address = await startBoth({ grpcTokensFile: tokens });
    const security = clientSecurity({ coordinatorCaFile: authority(), coordinatorTokenFile: own }, address);
    const connected = connectAdminService(address, security);
    connections.push(connected);
    await connected.client.listStudies({});
    assert.deepEqual(callers, [{ name: "ada", role: "viewer" }]);
  });

  it("know the holder of a certificate, for whom a follower with one of its own vouches", async () => {
    const address = await startBoth({ grpcTlsClientCaFile: authority() }, asCoordinator());
    await beat(address, "trainer");
    assert.deepEqual(callers, [{ name: "gpu-1", role: "trainer" }]);
  });

  it("send the holder of a certificate to the leader if the follower has none", async () => {
    const address = await startBoth({ grpcTlsClientCaFile: authority() });
    const details = `The coordinator does not lead. The leader is at 127.0.0.1:${leader.port}.`;
    await assert.rejects(beat(address, "trainer"), { code: Status.UNAVAILABLE, details });
  });

  it("believe a coordinator alone that vouches for a caller, and only then", async () => {
    await startBoth({ grpcTlsClientCaFile: authority() });
    const forged = Metadata().set(VOUCHED_METADATA, Buffer.from('{"name":"eve","role":"operator"}'));
    await beat(`127.0.0.1:${leader.port}`, "trainer", forged);
    assert.deepEqual(callers, [{ name: "gpu-1", role: "trainer" }]);
    await assert.rejects(beat(`127.0.0.1:${leader.port}`, "coordinator"), { code: Status.UNAUTHENTICATED });
    const broken = Metadata().set(VOUCHED_METADATA, Buffer.from('{"name":"eve","role":"root"}'));
    await assert.rejects(beat(`127.0.0.1:${leader.port}`, "coordinator", broken), { code: Status.UNAUTHENTICATED });
  });

  it("check the leader's certificate against the name that all coordinators have", async () => {
    const vouching = { ...asCoordinator(), coordinatorTlsName: "localhost" };
    await beat(await startBoth({ grpcTlsClientCaFile: authority() }, vouching), "trainer");
    const other = await startBoth({ grpcTlsClientCaFile: authority() }, { ...vouching, coordinatorTlsName: "other" });
    await assert.rejects(beat(other, "trainer"), { code: Status.UNAVAILABLE, details: /does not answer .*altnames/ });
  });
});

const NO_LINK = { coordinatorTlsName: undefined, coordinatorCertFile: undefined, coordinatorKeyFile: undefined };
