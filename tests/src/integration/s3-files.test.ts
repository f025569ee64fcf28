// Files of s3:// addresses on a real S3 server.

import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, it, type TestContext } from "node:test";
import { refOf } from "@sintonia/files/fixture/https-server.fixture";
import { StudyFiles } from "@sintonia/files/study-files";
import { FILE_VARIABLES, sourceSettings } from "@sintonia/files/variables";
import { readConfig } from "@sintonia/runtime/config";
import { createLogger } from "@sintonia/runtime/logger";
import { parseAddress } from "@sintonia/tuning/plan/file/file-address";
import { S3Server, s3Python } from "../support/s3/moto-server.js";

const BYTES = randomBytes(200_000);
const never = new AbortController().signal;
const found = s3Python();

describe("files of S3", { skip: "missing" in found ? found.missing : false, timeout: 120_000 }, () => {
  let server: S3Server;
  before(async () => {
    server = await S3Server.start((found as { python: string }).python);
    await server.put("data/wine 1.csv", BYTES);
  });
  after(() => server.stop());

  /** Fetches an object as a service with this environment does. Returns its path and the log. */
  async function fetch(context: TestContext, key: string, change: Record<string, string> = {}) {
    const folder = await mkdtemp(join(tmpdir(), "sintonia-s3-"));
    const lines: string[] = [];
    const destination = { write: (line: string) => void lines.push(line) };
    const logger = createLogger({ service: "files", instance: "test", level: "trace", destination });
    const settings = sourceSettings(readConfig(FILE_VARIABLES, { ...server.environment, ...change }));
    const files = new StudyFiles({ folder, ...settings, logger });
    context.after(async () => {
      files.close();
      await rm(folder, { recursive: true });
    });
    const path = await files.fetch({ ...refOf(BYTES), source: parseAddress(`s3://tables/${key}`) }, never);
    return { path, lines };
  }

  it("are fetched with a login, which the log does not show", async (context) => {
    const { path, lines } = await fetch(context, "data/wine 1.csv");
    assert.deepEqual(await readFile(path), BYTES);
    assert.ok(lines.some((line) => line.includes("file fetched")));
    assert.ok(!lines.join().includes(server.environment["AWS_SECRET_ACCESS_KEY"] as string));
  });

  it("are fetched with the keys of a role, which the token of a service account gives", async (context) => {
    const folder = await mkdtemp(join(tmpdir(), "sintonia-token-"));
    context.after(() => rm(folder, { recursive: true }));
    const tokenFile = join(folder, "token");
    await writeFile(tokenFile, "a.web.token\n");
    await server.skipCheck();
    const { path } = await fetch(context, "data/wine 1.csv", {
      AWS_ACCESS_KEY_ID: "",
      AWS_SECRET_ACCESS_KEY: "",
      AWS_ROLE_ARN: server.role,
      AWS_WEB_IDENTITY_TOKEN_FILE: tokenFile,
      AWS_ENDPOINT_URL_STS: server.environment["AWS_ENDPOINT_URL"] as string,
    });
    assert.deepEqual(await readFile(path), BYTES);
  });

  it("are refused in one line without a login, with a wrong one, and where the bucket lacks them", async (context) => {
    const key = "data/wine 1.csv";
    const without = { AWS_ACCESS_KEY_ID: "", AWS_SECRET_ACCESS_KEY: "" };
    const faults = [
      [key, without, /^bucket tables at 127.0.0.1:\d+ refuses access to it \(403\); set AWS_ACCESS_KEY_ID and/],
      [key, { AWS_SECRET_ACCESS_KEY: "wrong" }, /refuses access to it \(403\); check AWS_ACCESS_KEY_ID, [^\n]*$/],
      ["absent.csv", {}, /^bucket tables at 127.0.0.1:\d+ does not have it \(404\)$/],
    ] as const;
    for (const [object, change, message] of faults)
      await assert.rejects(fetch(context, object, change), { name: "FileUnavailableError", message });
  });

  it("are refused with both checksums if they changed", async (context) => {
    const now = randomBytes(10);
    await server.put("changed.csv", now);
    const both = new RegExp(`was ${refOf(BYTES).sha256} .* is ${refOf(now).sha256}`);
    await assert.rejects(fetch(context, "changed.csv"), { message: both });
  });
});
