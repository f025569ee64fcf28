import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, it } from "node:test";
import { connect } from "node:tls";
import { AdminServiceDefinition, type AdminServiceImplementation } from "@sintonia/proto/sintonia/v1/admin";
import type { Caller, Role } from "@sintonia/protocol/caller";
import { ClientError, Metadata, Status } from "nice-grpc";
import { UserError } from "../../errors.js";
import { createLogger } from "../../logger.js";
import { type Connected, connectAdminService } from "../client.js";
import { connectionFault } from "../connection-fault.js";
import { type GrpcServer, service, startGrpcServer } from "../server.js";
import type { RefusedCall } from "./authentication.js";
import { CertificateFolder, PAIRS } from "./certificates.fixture.js";
import { WatchedCertificates } from "./certificates.js";
import { type ClientSecuritySettings, clientSecurity } from "./client-security.js";
import { type ServerSecuritySettings, serverSecurity } from "./server-security.js";
import { createToken, TokenList } from "./token-list.js";
import { WatchedFile } from "./watched-file.js";

const logger = createLogger({ service: "test", instance: "test", level: "silent" });
const ROLES: Readonly<Record<string, readonly Role[]>> = {
  GetStudy: ["operator", "viewer"],
  StopStudy: ["operator"],
};

const settings = (given: Partial<ServerSecuritySettings>): ServerSecuritySettings => ({
  grpcSecurity: "required",
  grpcTlsCertFile: undefined,
  grpcTlsKeyFile: undefined,
  grpcTlsClientCaFile: undefined,
  grpcTokensFile: undefined,
  ...given,
});

describe("the doors of a gRPC server", () => {
  let folder: CertificateFolder;
  let server: GrpcServer | undefined;
  let refused: RefusedCall[];
  let seen: (Caller | undefined)[];
  const connections: Connected<AdminServiceDefinition>[] = [];

  beforeEach(() => {
    folder = new CertificateFolder();
    [refused, seen] = [[], []];
  });
  afterEach(async () => {
    for (const { close } of connections.splice(0)) close();
    await server?.stop(0);
    server = undefined;
    folder.delete();
  });

  const tls = () => ({ grpcTlsCertFile: folder.certificate("server"), grpcTlsKeyFile: folder.key("server") });

  const tokenFile = (caller: Caller): { readonly tokens: string; readonly token: string } => {
    const { token, line } = createToken(caller);
    writeFileSync(join(folder.path, "tokens"), `# comment\n\n${line}\n`);
    writeFileSync(join(folder.path, "token"), `${token}\n`);
    return { tokens: join(folder.path, "tokens"), token: join(folder.path, "token") };
  };

  const start = async (given: Partial<ServerSecuritySettings>): Promise<void> => {
    const answer = async (_: unknown, { caller }: { caller?: Caller }) => {
      seen.push(caller);
      return { study: { id: "a" } };
    };
    const names = Object.keys(AdminServiceDefinition.methods);
    const implementation = Object.fromEntries(names.map((name) => [name, answer]));
    server = await startGrpcServer({
      host: "127.0.0.1",
      port: 0,
      services: [service(AdminServiceDefinition, implementation as unknown as AdminServiceImplementation)],
      logger,
      doors: {
        ...serverSecurity(settings(given), "127.0.0.1", logger),
        access: (path) => ROLES[path.slice(path.lastIndexOf("/") + 1)],
        onRefused: (call) => refused.push(call),
      },
    });
  };

  const client = (given: ClientSecuritySettings) => {
    const address = `127.0.0.1:${server?.port}`;
    const connected = connectAdminService(address, clientSecurity(given, address));
    connections.push(connected);
    return connected.client;
  };

  const refusal = (code: Status, details: RegExp) => (error: unknown) => {
    assert.ok(error instanceof ClientError, String(error));
    assert.equal(Status[error.code], Status[code]);
    assert.match(error.details, details);
    return true;
  };

  it("lets in the bearer of a token, and tells the handler who it is", async () => {
    const { tokens, token } = tokenFile({ name: "ada", role: "viewer" });
    await start({ ...tls(), grpcTokensFile: tokens });
    const known = client({ coordinatorCaFile: folder.certificate("authority"), coordinatorTokenFile: token });
    await known.getStudy({ studyId: "a" });
    assert.deepEqual(seen, [{ name: "ada", role: "viewer" }]);
    await assert.rejects(
      known.stopStudy({ studyId: "a" }),
      refusal(Status.PERMISSION_DENIED, /^ada has the role viewer and may not call StopStudy: it needs .* operator\.$/),
    );
    await assert.rejects(known.listStudies({}), refusal(Status.PERMISSION_DENIED, /no role may/));
    assert.equal(refused.length, 2);
    assert.equal(seen.length, 1);
  });

  it("refuses a call without a token, with an unknown one, and with a forged caller", async () => {
    const { tokens } = tokenFile({ name: "ada", role: "operator" });
    await start({ ...tls(), grpcTokensFile: tokens });
    const unknown = client({ coordinatorCaFile: folder.certificate("authority") });
    const forged = Metadata().set("sintonia-caller-bin", Buffer.from('{"name":"eve","role":"operator"}'));
    await assert.rejects(unknown.getStudy({}, { metadata: forged }), refusal(Status.UNAUTHENTICATED, /bearer token/));
    for (const authorization of [
      "Bearer x y",
      `Bearer ${createToken({ name: "a", role: "viewer" }).token}`,
      "Basic x",
    ]) {
      await assert.rejects(
        unknown.getStudy({}, { metadata: Metadata().set("authorization", authorization) }),
        refusal(Status.UNAUTHENTICATED, /does not know the bearer token/),
      );
    }
    assert.deepEqual(seen, []);
    assert.ok(refused.every(({ caller }) => caller === undefined));
  });

  it("knows a client by the subject of its certificate", async () => {
    await start({ ...tls(), grpcTlsClientCaFile: folder.certificate("authority"), grpcSecurity: "required" });
    const ca = { coordinatorCaFile: folder.certificate("authority") };
    const identity = (name: string) => ({
      ...ca,
      coordinatorCertFile: folder.certificate(name),
      coordinatorKeyFile: folder.key(name),
    });
    await assert.rejects(
      client(identity("trainer")).getStudy({}),
      refusal(Status.PERMISSION_DENIED, /^gpu-1 has the role trainer/),
    );
    await assert.rejects(client(identity("nobody")).getStudy({}), refusal(Status.UNAUTHENTICATED, /CN, and a role/));
    await assert.rejects(client(identity("foreign")).getStudy({}), refusal(Status.UNAVAILABLE, /./));
    await assert.rejects(client(ca).getStudy({}), refusal(Status.UNAVAILABLE, /./));
  });

  it("accepts a token or a certificate where both are set up, and no certificate of a stranger", async () => {
    const { tokens, token } = tokenFile({ name: "ada", role: "operator" });
    await start({ ...tls(), grpcTlsClientCaFile: folder.certificate("authority"), grpcTokensFile: tokens });
    const ca = { coordinatorCaFile: folder.certificate("authority") };
    await client({ ...ca, coordinatorTokenFile: token }).stopStudy({});
    const foreign = { coordinatorCertFile: folder.certificate("foreign"), coordinatorKeyFile: folder.key("foreign") };
    await assert.rejects(client({ ...ca, ...foreign }).getStudy({}), refusal(Status.UNAUTHENTICATED, /certificate/));
  });

  it("refuses a server whose certificate another authority signed", async () => {
    const { tokens, token } = tokenFile({ name: "ada", role: "operator" });
    await start({ ...tls(), grpcTokensFile: tokens });
    const wrong = client({ coordinatorCaFile: folder.certificate("foreign"), coordinatorTokenFile: token });
    await assert.rejects(wrong.getStudy({}), refusal(Status.UNAVAILABLE, /certificate/));
    const publicOnly = client({ coordinatorTls: "on", coordinatorTokenFile: token });
    await assert.rejects(publicOnly.getStudy({}), refusal(Status.UNAVAILABLE, /certificate/));
  });
});

describe("a connection that does not come about", () => {
  const faultOf = async (port: number, given: ClientSecuritySettings) => {
    const address = `127.0.0.1:${port}`;
    const { client, close } = connectAdminService(address, clientSecurity(given, address));
    const error = await client.getStudy({}).catch((fault: unknown) => fault);
    close();
    assert.ok(error instanceof ClientError, String(error));
    assert.equal(error.code, Status.UNAVAILABLE);
    return connectionFault(error.details);
  };

  it("is told apart by what is wrong with its TLS", async () => {
    const folder = new CertificateFolder();
    const started = (given: Partial<ServerSecuritySettings>) =>
      startGrpcServer({
        host: "127.0.0.1",
        port: 0,
        services: [],
        logger,
        doors: {
          ...serverSecurity(settings({ grpcSecurity: "development", ...given }), "127.0.0.1", logger),
          access: () => "open",
          onRefused: () => undefined,
        },
      });
    const pair = { grpcTlsCertFile: folder.certificate("server"), grpcTlsKeyFile: folder.key("server") };
    const [closed, open] = await Promise.all([started(pair), started({})]);
    const trust = (name: string) => ({ coordinatorCaFile: folder.certificate(name) });
    assert.deepEqual(await faultOf(closed.port, {}), { kind: "closed", reason: "the server closed the connection" });
    assert.deepEqual(await faultOf(open.port, trust("authority")), {
      kind: "no-tls",
      reason: "the server speaks no TLS",
    });
    const { kind, reason } = await faultOf(closed.port, trust("foreign"));
    assert.equal(kind, "certificate");
    assert.match(reason, /^[a-z -]*certificate[a-z -]*$/);
    const other = "Hostname/IP does not match certificate's altnames: IP: 10.0.0.1 is not in the cert's list: ";
    const frame = "No connection established. Last error: Error [ERR_TLS_CERT_ALTNAME_INVALID]: ";
    const details = `${frame}${other}. Resolution note: `;
    assert.deepEqual(connectionFault(details), { kind: "certificate", reason: other.slice(0, -2) });
    await Promise.all([closed.stop(0), open.stop(0)]);
    assert.deepEqual(await faultOf(open.port, {}), { kind: "unreachable", reason: "connection refused" });
    folder.delete();
  });
});

describe("certificates in files", () => {
  let folder: CertificateFolder;
  beforeEach(() => {
    folder = new CertificateFolder();
  });
  afterEach(() => folder.delete());

  it("take effect when they change, without cutting a connection", async () => {
    folder.put("server", "live");
    const files = { certificate: folder.certificate("live"), key: folder.key("live") };
    const reloads: (Error | undefined)[] = [];
    const certificates = new WatchedCertificates(files, (fault) => reloads.push(fault));
    const { experimental } = await import("@grpc/grpc-js");
    const server = await startGrpcServer({
      host: "127.0.0.1",
      port: 0,
      services: [],
      logger,
      doors: {
        credentials: experimental.createCertificateProviderServerCredentials(certificates, null, false),
        identify: () => ({ problem: "nobody" }),
        access: () => "open",
        onRefused: () => undefined,
      },
    });
    const ca = PAIRS.authority.certificate;
    const open = () => connect({ host: "127.0.0.1", port: server.port, ca, ALPNProtocols: ["h2"] });
    const subjectOf = async (socket: ReturnType<typeof open>) => {
      await new Promise((resolve, reject) => socket.once("secureConnect", resolve).once("error", reject));
      return socket.getPeerCertificate().subject.CN;
    };
    const first = open();
    assert.equal(await subjectOf(first), "coordinator");
    folder.put("renewed", "live");
    certificates.reload();
    const second = open();
    assert.equal(await subjectOf(second), "coordinator renewed");
    assert.equal(first.destroyed, false);
    writeFileSync(folder.key("live"), "half a key");
    certificates.reload();
    certificates.reload();
    const third = open();
    assert.equal(await subjectOf(third), "coordinator renewed");
    assert.deepEqual(
      reloads.map((fault) => fault?.message.replace(/\/\S+\//, "")),
      [undefined, "the file for TLS live.key has no unencrypted private key in PEM"],
    );
    for (const socket of [first, second, third]) socket.destroy();
    await server.stop(0);
  });

  it("are valid from their first to their last day", () => {
    const files = { certificate: folder.certificate("server"), key: folder.key("server") };
    const certificates = new WatchedCertificates(files, () => {});
    const validity = ["2026-11-27", "2026-11-29", "2126-12-01"].map((day) => certificates.isValidAt(new Date(day)));
    assert.deepEqual(validity, [false, true, false]);
  });

  it("are refused with one line if they are missing, damaged or do not belong together", () => {
    const { path } = folder;
    const make = (certificate: string, key: string) => () => new WatchedCertificates({ certificate, key }, () => {});
    assert.throws(make(join(path, "none"), folder.key("server")), /^UserError: cannot read the file for TLS .*none/);
    assert.throws(make(join(path, "none"), folder.key("server")), /none: no such file or directory$/);
    assert.throws(make(folder.key("server"), folder.key("server")), /has no certificate in PEM/);
    const der = Buffer.from(PAIRS.server.certificate.replace(/-----.*-----|\n/g, ""), "base64");
    writeFileSync(join(path, "der"), der);
    assert.throws(make(join(path, "der"), folder.key("server")), /der has no certificate in PEM/);
    assert.throws(make(folder.certificate("server"), folder.key("trainer")), /does not belong to the certificate/);
  });
});

describe("the settings of a server's doors", () => {
  const refusal = (given: Partial<ServerSecuritySettings>, host: string) => {
    try {
      serverSecurity(settings(given), host, logger);
      return "";
    } catch (error) {
      assert.ok(error instanceof UserError, String(error));
      return error.message;
    }
  };

  it("ask for TLS and authentication unless development on loopback or an insecure server is wanted", () => {
    assert.match(refusal({}, "127.0.0.1"), /^the gRPC server on 127.0.0.1 has no TLS .* and no authentication/);
    assert.match(refusal({}, "127.0.0.1"), /SINTONIA_GRPC_SECURITY=development allows that/);
    assert.match(refusal({}, "0.0.0.0"), /SINTONIA_GRPC_SECURITY=insecure allows that/);
    assert.match(refusal({ grpcSecurity: "development" }, "0.0.0.0"), /^the gRPC server on 0.0.0.0 has no TLS/);
    for (const host of ["127.0.0.1", "::1", "localhost"]) {
      assert.equal(refusal({ grpcSecurity: "development" }, host), "");
    }
    assert.equal(refusal({ grpcSecurity: "insecure" }, "0.0.0.0"), "");
  });

  it("must be complete", () => {
    assert.match(refusal({ grpcTlsCertFile: "a" }, "127.0.0.1"), /belong together/);
    assert.match(refusal({ grpcTlsClientCaFile: "a", grpcSecurity: "insecure" }, "127.0.0.1"), /needs TLS/);
    assert.match(
      refusal({ grpcTokensFile: "/nowhere", grpcSecurity: "insecure" }, "127.0.0.1"),
      /^cannot use the file of tokens \/nowhere/,
    );
  });

  it("let no token travel in clear text to another machine", () => {
    const file = { coordinatorTokenFile: "/nowhere" };
    assert.throws(() => clientSecurity(file, "10.0.0.1:7230"), /would travel in clear text/);
    assert.throws(() => clientSecurity(file, "127.0.0.1:1,10.0.0.1:2"), /at 10.0.0.1:2 would travel/);
    assert.throws(() => clientSecurity({ ...file, coordinatorTls: "off" }, "10.0.0.1:7230"), /cannot use the token/);
    assert.throws(() => clientSecurity(file, "[::1]:7230"), /cannot use the token/);
  });
});

describe("a list of tokens", () => {
  it("names the wrong line without showing its hash", () => {
    const { line } = createToken({ name: "ada", role: "operator" });
    const parse = (text: string) => () => TokenList.parse(Buffer.from(text));
    assert.equal(TokenList.parse(Buffer.from(`${line}\r\n\n# x\n`)).size, 1);
    assert.throws(
      parse(`${line}\nroot ada abc\n`),
      /^Error: line 2: the first word must be operator, viewer, trainer$/,
    );
    assert.throws(parse(line.replace("ada", "../ada")), /^Error: line 1: the second word, a name/);
    assert.throws(parse(`${line} more`), /^Error: line 1: the third and last word/);
    assert.throws(parse("viewer a \xff"), /^Error: /);
    assert.throws(parse(`${line}\n`.repeat(1_001)), /1001 tokens, at most 1000/);
  });

  it("is read again after a change, at most once a second, and stays when the change is wrong", () => {
    const folder = new CertificateFolder();
    const path = join(folder.path, "tokens");
    const [one, two] = [createToken({ name: "one", role: "viewer" }), createToken({ name: "two", role: "viewer" })];
    writeFileSync(path, one.line);
    const faults: string[] = [];
    let now = 0;
    const onFault = ({ message }: Error) => faults.push(message);
    const file = new WatchedFile(path, { parse: TokenList.parse, onFault, nowMs: () => now });
    writeFileSync(path, `${two.line}\n`);
    assert.equal(file.value.callerOf(one.token)?.name, "one");
    now = 1_000;
    assert.equal(file.value.callerOf(one.token), undefined);
    assert.equal(file.value.callerOf(two.token)?.name, "two");
    writeFileSync(path, "nonsense, and more");
    now = 2_000;
    assert.equal(file.value.callerOf(two.token)?.name, "two");
    now = 9_000;
    assert.equal(file.value.size, 1);
    assert.equal(faults.length, 1);
    folder.delete();
  });
});
