// Logins and TLS on real nats-servers.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, describe, it, type TestContext } from "node:test";
import { readCoordinatorConfig } from "@sintonia/coordinator/config";
import { createLogger } from "@sintonia/runtime/logger";
import { connectNats } from "@sintonia/runtime/nats/connection";
import { readTrainerConfig } from "@sintonia/trainer/config";
import { nkeys } from "nats";
import { type NatsServer, startNatsServer } from "../support/nats-server.js";

const PASSWORD = "hunter2";
const folder = mkdtempSync(join(tmpdir(), "sintonia-login-"));
after(() => rmSync(folder, { recursive: true }));

const lines: string[] = [];
const destination = { write: (line: string) => void lines.push(line) };
const logger = createLogger({ service: "test", instance: "test", level: "trace", destination });

async function start(context: TestContext, ...args: string[]): Promise<NatsServer> {
  const server = await startNatsServer(args);
  context.after(() => server.stop());
  return server;
}

function file(name: string, content: string | Uint8Array): string {
  const path = join(folder, name);
  writeFileSync(path, content);
  return path;
}

/** Connects with the configuration that both services read from an environment. */
async function login(env: Record<string, string>): Promise<void> {
  for (const settings of [readCoordinatorConfig(env), readTrainerConfig(env)]) {
    await (await connectNats({ settings, name: "test", logger })).close();
  }
}

const host = ({ port }: NatsServer): string => `127.0.0.1:${port}`;
const refused = { name: "UserError", message: /refused the connection .*check the URL, the user and the credentials$/ };

describe("a login to NATS", () => {
  it("comes from variables, from a file or from the URL, and is never printed", async (context) => {
    const server = await start(context, "--user", "ana", "--pass", PASSWORD);
    const plain = { SINTONIA_NATS_URL: `nats://${host(server)}`, SINTONIA_NATS_USER: "ana" };
    await login({ ...plain, SINTONIA_NATS_PASSWORD: PASSWORD });
    await login({ ...plain, SINTONIA_NATS_PASSWORD_FILE: file("password", `${PASSWORD}\n`) });
    await login({ SINTONIA_NATS_URL: `nats://ana:${PASSWORD}@${host(server)}` });
    await assert.rejects(login({ ...plain, SINTONIA_NATS_PASSWORD: "wrong" }), refused);
    const other = `${PASSWORD}-wrong`;
    await assert.rejects(login({ SINTONIA_NATS_URL: `nats://ana:${other}@${host(server)}` }), (error: Error) => {
      assert.match(error.message, refused.message);
      assert.ok(!error.message.includes(other), error.message);
      return true;
    });
    assert.ok(!lines.join("").includes(PASSWORD));
  });

  it("is a token", async (context) => {
    const server = await start(context, "--auth", "s3cr3t");
    await login({ SINTONIA_NATS_URL: `nats://${host(server)}`, SINTONIA_NATS_TOKEN: "s3cr3t" });
    await login({ SINTONIA_NATS_URL: `nats://s3cr3t@${host(server)}` });
    await assert.rejects(login({ SINTONIA_NATS_URL: `nats://${host(server)}` }), refused);
  });

  it("is an nkey", async (context) => {
    const user = nkeys.createUser();
    const config = file("nkey.conf", `authorization: { users: [ { nkey: ${user.getPublicKey()} } ] }`);
    const server = await start(context, "--config", config);
    const url = { SINTONIA_NATS_URL: `nats://${host(server)}` };
    await login({ ...url, SINTONIA_NATS_NKEY_FILE: file("seed", user.getSeed()) });
    const stranger = new TextDecoder().decode(nkeys.createUser().getSeed());
    await assert.rejects(login({ ...url, SINTONIA_NATS_NKEY: stranger }), refused);
    await assert.rejects(login({ ...url, SINTONIA_NATS_NKEY: PASSWORD }), { message: /SINTONIA_NATS_NKEY is no seed/ });
  });

  it("is a credentials file with a JWT", async (context) => {
    const { config, credentials } = accountOf(nkeys.createOperator(), nkeys.createAccount(), nkeys.createUser());
    const server = await start(context, "--config", file("operator.conf", config));
    const url = { SINTONIA_NATS_URL: `nats://${host(server)}` };
    await login({ ...url, SINTONIA_NATS_CREDENTIALS_FILE: file("user.creds", credentials) });
    await assert.rejects(login({ ...url, SINTONIA_NATS_CREDENTIALS: PASSWORD }), {
      message: /SINTONIA_NATS_CREDENTIALS is no content of a \.creds file/,
    });
  });

  it("is refused when it is incomplete or one of several", async () => {
    await assert.rejects(login({ SINTONIA_NATS_USER: "ana" }), { message: /belong together/ });
    const two = { SINTONIA_NATS_TOKEN: "a", SINTONIA_NATS_NKEY: "b" };
    await assert.rejects(login(two), { message: /SINTONIA_NATS_TOKEN and SINTONIA_NATS_NKEY exclude each other/ });
  });
});

describe("TLS to NATS", () => {
  it("checks the server's certificate, and presents its own", async (context) => {
    const ca = certificate("ca");
    const server = certificate("server", ca);
    const client = certificate("client", ca);
    const tls = ["--tlsverify", "--tlscacert", ca.cert, "--tlscert", server.cert, "--tlskey", server.key];
    const url = { SINTONIA_NATS_URL: `nats://${host(await start(context, ...tls))}` };
    const trust = { ...url, SINTONIA_NATS_TLS_CA_FILE: ca.cert };
    const own = { SINTONIA_NATS_TLS_CERT_FILE: client.cert, SINTONIA_NATS_TLS_KEY_FILE: client.key };
    await login({ ...trust, ...own });
    await assert.rejects(login({ ...url, ...own }), { name: "UserError", message: /refused .*check the certificates/ });
    await assert.rejects(login({ ...trust, SINTONIA_NATS_TLS_CERT_FILE: client.cert }), { message: /belong together/ });
    const missing = { ...trust, SINTONIA_NATS_TLS_CA_FILE: join(folder, "none") };
    await assert.rejects(login(missing), {
      message: /cannot read the file for TLS to NATS .*none: no such file or directory$/,
    });
  });

  it("asks for a certificate with the host of the URL, also if this is a number", async (context) => {
    const ca = certificate("naming-ca");
    const served = async (names: string): Promise<number> => {
      const { cert, key } = certificate(`for-${names.replace(/\W/g, "-")}`, ca, names);
      return (await start(context, "--tls", "--tlscert", cert, "--tlskey", key)).port;
    };
    const trust = { SINTONIA_NATS_TLS_CA_FILE: ca.cert };
    const at = (hostname: string, port: number) => login({ ...trust, SINTONIA_NATS_URL: `tls://${hostname}:${port}` });
    const [named, numbered] = [await served("DNS:localhost"), await served("IP:127.0.0.1")];
    await at("localhost", named);
    await at("127.0.0.1", numbered);
    const refused = { name: "UserError", message: /refused .*altnames.*check the certificates/s };
    await assert.rejects(at("127.0.0.1", named), refused);
    await assert.rejects(at("localhost", numbered), refused);
  });

  it("is refused at once by a server without it", async (context) => {
    const url = `tls://${host(await start(context))}`;
    await assert.rejects(login({ SINTONIA_NATS_URL: url }), { name: "UserError", message: /the server has no TLS/ });
  });
});

type KeyPair = ReturnType<typeof nkeys.createUser>;

interface Certificate {
  readonly cert: string;
  readonly key: string;
}

/** Makes a certificate with openssl, signed by itself or by an authority. */
function certificate(name: string, ca?: Certificate, altNames = "DNS:localhost,IP:127.0.0.1"): Certificate {
  const made = { cert: join(folder, `${name}.crt`), key: join(folder, `${name}.key`) };
  const request = join(folder, `${name}.csr`);
  const subject = ["-subj", `/CN=${name}`, "-newkey", "rsa:2048", "-nodes", "-keyout", made.key];
  const openssl = (...args: string[]): void => void execFileSync("openssl", args, { stdio: "pipe" });
  if (ca === undefined) {
    openssl("req", "-x509", "-days", "2", ...subject, "-out", made.cert);
    return made;
  }
  openssl("req", ...subject, "-out", request);
  const names = file(`${name}.ext`, `subjectAltName=${altNames}`);
  const signing = ["-CA", ca.cert, "-CAkey", ca.key, "-CAcreateserial", "-extfile", names];
  openssl("x509", "-req", "-days", "2", "-in", request, ...signing, "-out", made.cert);
  return made;
}

/** Returns a server's configuration with one operator and account, and a user's credentials. */
function accountOf(operator: KeyPair, account: KeyPair, user: KeyPair): { config: string; credentials: string } {
  const operatorJwt = jwt(operator, operator, { type: "operator", version: 2 });
  const limits = { subs: -1, conn: -1, leaf: -1, imports: -1, exports: -1, data: -1, payload: -1, wildcards: true };
  const accountJwt = jwt(operator, account, { type: "account", version: 2, limits });
  const userJwt = jwt(account, user, { type: "user", version: 2, subs: -1, data: -1, payload: -1, pub: {}, sub: {} });
  const preload = `resolver: MEMORY\nresolver_preload: { ${account.getPublicKey()}: "${accountJwt}" }`;
  const seed = new TextDecoder().decode(user.getSeed());
  return {
    config: `operator: ${file("operator.jwt", operatorJwt)}\n${preload}\n`,
    credentials: [
      "-----BEGIN NATS USER JWT-----",
      userJwt,
      "------END NATS USER JWT------",
      "-----BEGIN USER NKEY SEED-----",
      seed,
      "------END USER NKEY SEED------",
      "",
    ].join("\n"),
  };
}

function jwt(issuer: KeyPair, subject: KeyPair, nats: object): string {
  const part = (value: object): string => Buffer.from(JSON.stringify(value)).toString("base64url");
  const claims = { jti: "1", iat: 1, iss: issuer.getPublicKey(), name: "test", sub: subject.getPublicKey(), nats };
  const signed = `${part({ typ: "JWT", alg: "ed25519-nkey" })}.${part(claims)}`;
  return `${signed}.${Buffer.from(issuer.sign(Buffer.from(signed))).toString("base64url")}`;
}
