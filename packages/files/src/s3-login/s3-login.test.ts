import assert from "node:assert/strict";
import { once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { after, before, beforeEach, describe, it } from "node:test";
import { readConfig } from "@sintonia/runtime/config";
import { Secret } from "@sintonia/runtime/secret";
import { s3Url, signedHeaders } from "../remote/s3-request.js";
import { FILE_VARIABLES, sourceSettings } from "../variables.js";
import { type EndingKeys, TemporaryKeys } from "./temporary-keys.js";

const ROLE = "arn:aws:iam::123456789012:role/sintonia";
const END = "2030-01-01T00:00:00Z";

/** An answer of the Security Token Service, shortened. */
const STS_ANSWER = `<AssumeRoleWithWebIdentityResponse><AssumeRoleWithWebIdentityResult><Credentials>
  <AccessKeyId>ASIAROLE</AccessKeyId><SecretAccessKey>role-secret</SecretAccessKey>
  <SessionToken>role/token+==</SessionToken><Expiration>${END}</Expiration>
</Credentials></AssumeRoleWithWebIdentityResult></AssumeRoleWithWebIdentityResponse>`;
const AGENT_ANSWER = {
  AccessKeyId: "ASIAAGENT",
  SecretAccessKey: "agent-secret",
  Token: "agent-token",
  Expiration: END,
};

interface Heard {
  readonly url: string | undefined;
  readonly authorization: string | undefined;
  readonly form: URLSearchParams;
}

describe("keys for S3 that a platform gives", () => {
  const folder = mkdtempSync(join(tmpdir(), "sintonia-login-"));
  const tokenFile = join(folder, "token");
  let server: Server;
  let address: string;
  let heard: Heard[];
  let status: number;

  before(async () => {
    server = createServer(async (request, response) => {
      const form = new URLSearchParams(await text(request));
      heard.push({ url: request.url, authorization: request.headers.authorization, form });
      response.statusCode = status;
      response.end(request.method === "POST" ? STS_ANSWER : JSON.stringify(AGENT_ANSWER));
    }).listen(0, "127.0.0.1");
    await once(server, "listening");
    address = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    writeFileSync(tokenFile, "token-of-the-pod\n");
  });
  beforeEach(() => {
    heard = [];
    status = 200;
  });
  after(() => {
    server.close();
    rmSync(folder, { recursive: true });
  });

  async function signed(env: Record<string, string>): Promise<Record<string, string>> {
    const { s3 } = sourceSettings(readConfig(FILE_VARIABLES, env));
    return await signedHeaders({ url: s3Url({ bucket: "b", key: "k" }, s3), headers: {} }, s3);
  }

  const role = (): Record<string, string> => ({
    AWS_ROLE_ARN: ROLE,
    AWS_WEB_IDENTITY_TOKEN_FILE: tokenFile,
    AWS_ENDPOINT_URL_STS: address,
  });
  const agent = (): Record<string, string> => ({
    AWS_CONTAINER_CREDENTIALS_FULL_URI: `${address}/v1/credentials`,
    AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE: tokenFile,
  });

  it("are those of a role, for the token of the service account", async () => {
    const headers = await signed({ ...role(), ...agent() });
    assert.match(headers["authorization"] ?? "", /Credential=ASIAROLE\//);
    assert.equal(headers["x-amz-security-token"], "role/token+==");
    const { Action, RoleArn, WebIdentityToken } = Object.fromEntries(heard[0]?.form ?? []);
    assert.deepEqual([Action, RoleArn, WebIdentityToken], ["AssumeRoleWithWebIdentity", ROLE, "token-of-the-pod"]);
  });

  it("are those of an agent where there is no role", async () => {
    const headers = await signed(agent());
    assert.match(headers["authorization"] ?? "", /Credential=ASIAAGENT\//);
    assert.deepEqual([heard[0]?.url, heard[0]?.authorization], ["/v1/credentials", "token-of-the-pod"]);
  });

  it("are not asked for where an access key is set", async () => {
    const headers = await signed({ ...role(), AWS_ACCESS_KEY_ID: "AKIDOWN", AWS_SECRET_ACCESS_KEY: "own" });
    assert.match(headers["authorization"] ?? "", /Credential=AKIDOWN\//);
    assert.deepEqual(heard, []);
  });

  it("that are refused are a fault without the answer's text", async () => {
    status = 403;
    await assert.rejects(signed(role()), { message: `${new URL(address).host} gives no keys for S3: it answers 403` });
    await assert.rejects(signed({ ...role(), AWS_WEB_IDENTITY_TOKEN_FILE: join(folder, "none") }), /cannot read/);
  });
});

describe("temporary keys", () => {
  let nowMs: number;
  let fetches: number;
  let isAway: boolean;
  const keys = (): TemporaryKeys =>
    new TemporaryKeys(
      async (): Promise<EndingKeys> => {
        fetches += 1;
        if (isAway) throw new Error("away");
        return {
          accessKeyId: new Secret(`key-${fetches}`),
          secretAccessKey: new Secret("s"),
          endsAt: nowMs + 3_600_000,
        };
      },
      () => nowMs,
    );

  beforeEach(() => {
    nowMs = 0;
    fetches = 0;
    isAway = false;
  });

  it("are fetched once by requests at once, and again before they end", async () => {
    const temporary = keys();
    await Promise.all([temporary.get(), temporary.get()]);
    nowMs = 3_000_000;
    assert.equal((await temporary.get()).accessKeyId.reveal(), "key-1");
    nowMs = 3_300_000;
    assert.equal((await temporary.get()).accessKeyId.reveal(), "key-2");
  });

  it("serve on to their end while no others can be fetched", async () => {
    const temporary = keys();
    await temporary.get();
    isAway = true;
    nowMs = 3_400_000;
    assert.equal((await temporary.get()).accessKeyId.reveal(), "key-1");
    nowMs = 3_600_000;
    await assert.rejects(temporary.get(), /away/);
  });
});
