import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { Secret } from "@sintonia/runtime/secret";
import { closedPort, FileServer, makeCertificate, trust } from "../fixture/https-server.fixture.js";
import { RemoteFiles } from "./remote-files.js";
import { s3Url, signedHeaders } from "./s3-request.js";

const never = new AbortController().signal;
/** Periods of 50 ms, each with at least 1,000 bytes. */
const RATE = { idleMs: 50, bytesMin: 1_000 };

describe("remote files", () => {
  let server: FileServer;
  before(async () => {
    const certificate = makeCertificate();
    trust(certificate);
    server = await FileServer.start(certificate);
  });
  after(() => server.close());

  async function read(url: string): Promise<number> {
    const { bytes } = await new RemoteFiles({}, RATE).open({ scheme: "https", url }, { offset: 0 }, never);
    let total = 0;
    for await (const part of bytes) total += part.length;
    return total;
  }

  it("ends the transfer of a server that stands still", async () => {
    const address = server.add("still", { bytes: Buffer.alloc(100_000), stallsAt: 50_000 });
    await assert.rejects(read(address), { name: "OriginFault", repeats: "some" });
  });

  it("counts an answer that ends too early, or is cut off, as a fault that may pass", async () => {
    const cut = server.add("cut", { bytes: Buffer.alloc(100_000), breaks: [10_000] });
    await assert.rejects(read(cut), { repeats: "some", message: /the connection broke|sent \d+ of 100000 bytes/ });
  });

  it("names the host at which no server answers, and repeats", async () => {
    const port = await closedPort();
    await assert.rejects(read(`https://localhost:${port}/x`), {
      message: `no server answers (localhost:${port})`,
      repeats: "some",
    });
  });
});

describe("requests to S3", () => {
  const object = { bucket: "tables", key: "a b/ü+(1).csv" };
  const PATH = "a%20b/%C3%BC%2B%281%29.csv";

  it("name the bucket in Amazon's host, and in the path of other servers and of buckets with dots", () => {
    assert.equal(s3Url(object, { region: "eu-west-1" }).href, `https://tables.s3.eu-west-1.amazonaws.com/${PATH}`);
    assert.equal(s3Url({ ...object, bucket: "a.b" }, {}).href, `https://s3.us-east-1.amazonaws.com/a.b/${PATH}`);
    const endpoint = "http://minio.local:9000/";
    assert.equal(s3Url(object, { endpoint }).href, `http://minio.local:9000/tables/${PATH}`);
    assert.throws(() => s3Url(object, { endpoint: "minio:9000" }), /^OriginFault: AWS_ENDPOINT_URL is no address/);
  });

  it("are signed with the key and not without one", async () => {
    const url = s3Url(object, {});
    assert.deepEqual(await signedHeaders(url, { range: "bytes=5-" }, {}), { range: "bytes=5-" });
    const login = {
      accessKeyId: new Secret("AKID"),
      secretAccessKey: new Secret("hidden"),
      sessionToken: new Secret("t"),
    };
    const headers = await signedHeaders(url, { range: "bytes=5-" }, { ...login, region: "eu-west-1" });
    assert.match(
      headers["authorization"] ?? "",
      /^AWS4-HMAC-SHA256 Credential=AKID\/\d{8}\/eu-west-1\/s3\/aws4_request, /,
    );
    assert.deepEqual([headers["range"], headers["x-amz-security-token"]], ["bytes=5-", "t"]);
    assert.ok(!JSON.stringify(headers).includes("hidden"));
  });
});
