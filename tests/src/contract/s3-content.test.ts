import assert from "node:assert/strict";
import { mkdtemp, readdir, rm, truncate } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { StoreRefusedError } from "@sintonia/coordinator/adapters/objects/objects";
import { S3Objects } from "@sintonia/coordinator/adapters/objects/s3/s3-objects";
import { StoreUnavailableError } from "@sintonia/coordinator/ports/study-log";
import { sha256Of } from "@sintonia/protocol/names.fixture";
import { VersityServer, versityProgram } from "../support/s3/versity-server.js";
import { contentFaults } from "./content-faults.js";
import { contentContracts, openS3Objects, s3Place } from "./object-adapters.js";

const found = versityProgram();

describe("content in a bucket of S3", { skip: "missing" in found ? found.missing : false }, () => {
  let folder: string;
  let server: VersityServer;
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), "sintonia-s3-"));
    server = await VersityServer.start((found as { program: string }).program, folder);
  });
  after(async () => {
    await server.kill();
    await rm(folder, { recursive: true });
  });

  contentContracts("s3", async () => openS3Objects(server.environment, "tables"));

  contentFaults("s3", async () => {
    const place = s3Place(server.environment, "tables");
    return {
      objects: new S3Objects(place),
      other: new S3Objects(place),
      outage: async () => {
        await server.kill();
        return () => server.restart();
      },
      truncate: async () => {
        const artifacts = join(folder, "tables", place.prefix, "artifacts");
        const [name] = await readdir(artifacts);
        await truncate(join(artifacts, name as string), 1_000_000);
      },
      close: () => server.restart(),
    };
  });

  it("lists more names than an answer has", async () => {
    const { objects } = openS3Objects(server.environment, "tables");
    const names = Array.from({ length: 1_003 }, (_, index) => `${index}`);
    const empty = { sizeBytes: 0, sha256: EMPTY };
    for (let start = 0; start < names.length; start += 100)
      await Promise.all(names.slice(start, start + 100).map((name) => objects.put(`many/${name}`, nothing(), empty)));
    assert.deepEqual((await objects.list("many")).toSorted(), names.toSorted());
  });

  const refusals: ReadonlyArray<[string, Record<string, string>, string, RegExp]> = [
    ["a missing bucket", {}, "absent", /there is no such bucket; create it, or correct SINTONIA_ARTIFACTS \(404/],
    [
      "an unknown key",
      { AWS_ACCESS_KEY_ID: "nobody" },
      "tables",
      /the access key is unknown; correct AWS_ACCESS_KEY_ID/,
    ],
    [
      "a wrong secret",
      { AWS_SECRET_ACCESS_KEY: "other" },
      "tables",
      /signature is wrong; correct AWS_SECRET_ACCESS_KEY/,
    ],
    ["another region", { AWS_REGION: "eu-west-1" }, "tables", /in another region; set AWS_REGION to us-east-1/],
  ];
  for (const [what, change, bucket, message] of refusals) {
    it(`names ${what} in one line that a repeat does not mend`, async () => {
      const { objects } = openS3Objects({ ...server.environment, ...change }, bucket);
      await assert.rejects(objects.list("artifacts"), (error: Error) => {
        assert.ok(error instanceof StoreRefusedError, String(error));
        assert.match(error.message, message);
        assert.match(error.message, /^cannot list [^\n]+ in bucket (tables|absent) at 127.0.0.1:\d+: [^\n]+$/);
        assert.ok(!error.message.includes("owner-secret"));
        return true;
      });
    });
  }

  it("names a server that does not answer, which may come back", async () => {
    const { objects } = openS3Objects({ ...server.environment, AWS_ENDPOINT_URL: "http://127.0.0.1:1" }, "tables");
    await assert.rejects(objects.list("artifacts"), (error: Error) => {
      assert.ok(error instanceof StoreUnavailableError && !(error instanceof StoreRefusedError), String(error));
      assert.match(error.message, /no server answers \(127.0.0.1:1\)$/);
      return true;
    });
  });
});

/** SHA-256 of nothing. */
const EMPTY = sha256Of("e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");

async function* nothing(): AsyncGenerator<Uint8Array> {}
