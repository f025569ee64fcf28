import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { Secret } from "@sintonia/runtime/secret";
import { closedPort, FileServer, makeCertificate, trust } from "../fixture/https-server.fixture.js";
import { TunnelProxy } from "../fixture/proxy.fixture.js";
import { TRANSFER_RATE } from "./body.js";
import { parseLogins } from "./https-logins.js";
import { proxyFor } from "./proxy.js";
import { RemoteFiles, type RemoteSettings } from "./remote-files.js";
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

  async function read(url: string, given: Partial<RemoteSettings> = {}, rate = TRANSFER_RATE): Promise<number> {
    const settings = { s3: {}, logins: [], proxy: {}, ...given };
    const { bytes } = await new RemoteFiles(settings, rate).open({ scheme: "https", url }, { offset: 0 }, never);
    let total = 0;
    for await (const part of bytes) total += part.length;
    return total;
  }

  it("ends the transfer of a server that stands still", async () => {
    const address = server.add("still", { bytes: Buffer.alloc(100_000), stallsAt: 50_000 });
    await assert.rejects(read(address, {}, RATE), { name: "OriginFault", repeats: "some" });
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

  it("are read with the login of their host, which no other host gets", async () => {
    const token = "Bearer top-secret";
    const address = server.add("private", { bytes: Buffer.alloc(5_000), authorization: token });
    const host = `localhost:${server.port}`;
    await assert.rejects(read(address), {
      message: `${host} refuses access to it (401); SINTONIA_HTTPS_LOGINS takes a login`,
      repeats: "none",
    });
    const logins = parseLogins(`# a comment\nlocalhost bearer of-port-443\n${host} bearer top-secret\n`) ?? [];
    assert.equal(await read(address, { logins }), 5_000);
    const wrong = parseLogins(`${host} basic ada:wrong`) ?? [];
    await assert.rejects(
      read(address, { logins: wrong }),
      /refuses access .*check its login in SINTONIA_HTTPS_LOGINS$/,
    );
    assert.equal(server.logins.at(-1), `Basic ${Buffer.from("ada:wrong").toString("base64")}`);
    const away = server.add("away", { bytes: Buffer.alloc(0), redirect: `https://127.0.0.1:${server.port}/private` });
    await assert.rejects(read(away, { logins }), /redirects to 127\.0\.0\.1, an address of a private network/);
  });

  it("come through a proxy with its login, unless their host is excepted", async () => {
    const proxy = await TunnelProxy.start();
    const address = new Secret(proxy.address);
    const url = server.add("far", { bytes: Buffer.alloc(7_000) });
    const far = url.replace("localhost", "127.0.0.1");
    assert.equal(await read(url, { proxy: { address } }), 7_000);
    assert.equal(await read(far, { proxy: { address } }), 7_000);
    const login = `Basic ${Buffer.from("ada:se@cret").toString("base64")}`;
    assert.deepEqual(proxy.requests, [
      [`localhost:${server.port}`, login],
      [`127.0.0.1:${server.port}`, login],
    ]);
    assert.equal(await read(url, { proxy: { address, exceptions: "example.org, localhost" } }), 7_000);
    assert.equal(proxy.requests.length, 2);
    const name = `the proxy ${new URL(proxy.address).host}`;
    proxy.status = 407;
    await assert.rejects(read(url, { proxy: { address } }), {
      message: `${name} answers with status 407; put a login into HTTPS_PROXY`,
      repeats: "none",
    });
    proxy.status = 503;
    await assert.rejects(read(url, { proxy: { address } }), {
      message: `${name} answers with status 503 for localhost:${server.port}`,
      repeats: "some",
    });
    await proxy.close();
    await assert.rejects(read(url, { proxy: { address } }), {
      message: `no server answers (${name})`,
      repeats: "some",
    });
  });
});

describe("the settings of https addresses", () => {
  it("are logins in lines of one form, and show no secret", () => {
    const [login] = parseLogins("Example.org:443 Bearer abc.def") ?? [];
    assert.equal(login?.host, "example.org");
    assert.equal(login?.authorization.reveal(), "Bearer abc.def");
    assert.doesNotMatch(JSON.stringify(login), /abc/);
    const ipv6 = parseLogins("[::1]:8443 basic ada:pass word:x")?.[0];
    assert.equal(ipv6?.host, "[::1]:8443");
    for (const line of [
      "example.org abc",
      "example.org basic ada",
      "https://example.org bearer x",
      "a bearer x y",
      "a/b bearer x",
    ])
      assert.equal(parseLogins(line), undefined, line);
  });

  it("except hosts from the proxy by name, subdomain, port, or all", () => {
    const address = new Secret("http://proxy:3128");
    const isDirect = (url: string, exceptions: string) => proxyFor(new URL(url), { address, exceptions }) === undefined;
    const cases: [string, string, boolean][] = [
      ["https://a.example.org/x", "example.org", true],
      ["https://a.example.org/x", ".example.org", true],
      ["https://a.example.org/x", "*.example.org", true],
      ["https://badexample.org/x", "example.org", false],
      ["https://example.org:8443/x", "example.org:443", false],
      ["https://example.org/x", "example.org:443", true],
      ["https://[::1]/x", "::1", true],
      ["https://[::1]:1/x", "[::1]:1", true],
      ["https://example.org/x", "*", true],
      ["https://example.org/x", "", false],
    ];
    for (const [url, exceptions, expected] of cases)
      assert.equal(isDirect(url, exceptions), expected, `${url} ${exceptions}`);
    assert.equal(proxyFor(new URL("http://minio:9000/x"), { address }), undefined, "the proxy is one of https");
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
    assert.deepEqual(await signedHeaders({ url, headers: { range: "bytes=5-" } }, {}), { range: "bytes=5-" });
    const login = {
      accessKeyId: new Secret("AKID"),
      secretAccessKey: new Secret("hidden"),
      sessionToken: new Secret("t"),
    };
    const headers = await signedHeaders({ url, headers: { range: "bytes=5-" } }, { ...login, region: "eu-west-1" });
    assert.match(
      headers["authorization"] ?? "",
      /^AWS4-HMAC-SHA256 Credential=AKID\/\d{8}\/eu-west-1\/s3\/aws4_request, /,
    );
    assert.deepEqual([headers["range"], headers["x-amz-security-token"]], ["bytes=5-", "t"]);
    assert.ok(!JSON.stringify(headers).includes("hidden"));
  });
});
