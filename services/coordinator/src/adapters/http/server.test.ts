import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { afterEach, beforeEach, describe, it } from "node:test";
import { createGunzip } from "node:zlib";
import {
  GetStudyRequest,
  GetStudyResponse,
  ReadOutputResponse,
  WatchStudyResponse,
} from "@sintonia/proto/sintonia/v1/admin";
import type { CallInside, InsideCall } from "@sintonia/runtime/grpc/inside/inside-calls";
import { refusal } from "@sintonia/runtime/grpc/refusal/refusal";
import { CertificateFolder } from "@sintonia/runtime/grpc/security/certificates.fixture";
import { OPEN_DOORS, serverSecurity } from "@sintonia/runtime/grpc/security/server-security";
import { createLogger } from "@sintonia/runtime/logger";
import { Status } from "nice-grpc-common";
import { invalidField } from "../grpc/edge/status.js";
import { BODY_MAX_BYTES } from "./edge/body.js";
import { type Asked, ask, eventsOf, open } from "./http-client.fixture.js";
import { type PageContext, type PageOptions, type PageServer, startPageServer } from "./server.js";

const logger = createLogger({ service: "coordinator", instance: "test", level: "silent" });
const JSON_TYPE = { "Content-Type": "application/json" };

/** A call that fails before its first answer. */
async function* failing(error: Error): AsyncGenerator<Uint8Array, void> {
  yield await Promise.reject(error);
}

describe("the server of the page", () => {
  let folder: string;
  let server: PageServer;
  let calls: InsideCall[];
  let answers: CallInside;

  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), "sintonia-site-"));
    mkdirSync(join(folder, "assets"));
    for (const name of ["index.html", "assets/app.js", "assets/app.js.br"]) writeFileSync(join(folder, name), name);
    calls = [];
    answers = async function* () {
      yield GetStudyResponse.encode(GetStudyResponse.fromPartial({ study: { id: "s" } })).finish();
    };
    server = await start();
  });
  afterEach(async () => {
    await server.close();
    rmSync(folder, { recursive: true });
  });

  async function start(given: Partial<PageContext & PageOptions> = {}): Promise<PageServer> {
    const call: CallInside = (asked) => {
      calls.push(asked);
      return answers(asked);
    };
    const options = { address: { host: "127.0.0.1", port: 0 }, names: ["tuning.example"], isProxied: false, folder };
    const all = { call, security: OPEN_DOORS, logger, ...options, ...given };
    return await startPageServer(all, all);
  }

  const send = (asked: Asked) => ask(server.port, asked);
  const reasonOf = (text: string): string => JSON.parse(text).error.reason;

  it("makes the call of a path with its fields, as the caller that the request names", async () => {
    const { status, text, headers } = await send({
      path: "/api/v1/studies/m%20nist",
      headers: { Authorization: "Bearer t" },
    });
    assert.deepEqual([status, JSON.parse(text)], [200, { study: { id: "s" } }]);
    assert.equal(headers["cache-control"], "no-store");
    const [call] = calls;
    assert.equal(call?.path, "/sintonia.v1.AdminService/GetStudy");
    assert.deepEqual(GetStudyRequest.decode(call?.request as Uint8Array), { studyId: "m nist" });
    assert.deepEqual(call?.evidence, { authorization: "Bearer t", subject: undefined });
    assert.match(call?.peer ?? "", /^127\.0\.0\.1:\d+$/);
  });

  it("compresses a large answer for a client that reads gzip", async () => {
    const study = { id: "s", specJson: "x".repeat(10_000) };
    answers = async function* () {
      yield GetStudyResponse.encode(GetStudyResponse.fromPartial({ study })).finish();
    };
    const path = "/api/v1/studies/s";
    const compressed = await open(server.port, { path, headers: { "Accept-Encoding": "gzip, br" } });
    assert.equal(compressed.headers["content-encoding"], "gzip");
    assert.deepEqual(JSON.parse(await text(compressed.pipe(createGunzip()))), { study });
    assert.deepEqual(JSON.parse((await send({ path })).text), { study });
  });

  it("keeps a silent stream open with comments", async () => {
    answers = async function* ({ signal }) {
      yield new Uint8Array();
      await new Promise((resolve) => signal.addEventListener("abort", resolve));
    };
    const quick = await start({ keepAliveMs: 5 });
    const answer = await open(quick.port, { path: "/api/v1/studies/s/watch" });
    let received = "";
    for await (const chunk of answer.setEncoding("utf8") as AsyncIterable<string>) {
      received += chunk;
      if (received.includes(": waiting\n\n: waiting\n\n")) break;
    }
    await quick.close();
  });

  it("takes all parts of an update at once, and the next update later", async () => {
    let taken = 0;
    answers = async function* () {
      for (const moreTrials of [true, false, false]) {
        taken += 1;
        yield WatchStudyResponse.encode(WatchStudyResponse.fromPartial({ moreTrials })).finish();
      }
    };
    const slow = await start({ updateIntervalMs: 3_600_000 });
    const events = eventsOf(await open(slow.port, { path: "/api/v1/studies/s/watch" }));
    assert.deepEqual((await events.next()).value?.data, { moreTrials: true });
    assert.deepEqual((await events.next()).value?.data, {});
    // A round trip on another connection, so that a third update would have been taken.
    await ask(slow.port, { path: "/" });
    assert.equal(taken, 2);
    await slow.close();
    await assert.rejects(events.next());
  });

  it("answers a refusal with its status, its reason and the wrong fields", async () => {
    const cases = [
      [refusal(Status.UNAUTHENTICATED, "who?", { reason: "CALLER_UNKNOWN" }), 401],
      [refusal(Status.FAILED_PRECONDITION, "ended", { reason: "STUDY_OPEN" }), 409],
      [refusal(Status.UNAVAILABLE, "no leader", { reason: "NOT_LEADING" }), 503],
      [invalidField("page_size", "too large"), 400],
    ] as const;
    for (const [error, status] of cases) {
      answers = () => failing(error);
      const answer = await send({ path: "/api/v1/studies/s" });
      assert.equal(answer.status, status);
      assert.equal(JSON.parse(answer.text).error.message, error.details);
      if (status === 401) assert.equal(answer.headers["www-authenticate"], "Bearer");
      if (status === 400) assert.deepEqual(JSON.parse(answer.text).error.fields[0].field, "page_size");
    }
  });

  it("tells nothing of a fault that nobody expects", async () => {
    answers = () => failing(new Error("a secret"));
    const { status, text } = await send({ path: "/api/v1/studies/s" });
    assert.equal(status, 500);
    assert.doesNotMatch(text, /secret/);
  });

  it("refuses unknown paths, methods and names, without a call", async () => {
    const cases = [
      [{ path: "/api/v1/secrets" }, 404, "PATH_UNKNOWN"],
      [{ path: "/api/v1/studies/s", method: "PUT" }, 405, "METHOD_UNKNOWN"],
      [{ path: "/api/v1/studies/s?deep=1" }, 400, "REQUEST_INVALID"],
      [{ path: "/api/v1/studies/s?studyId=t" }, 400, "REQUEST_INVALID"],
    ] as const;
    for (const [asked, status, reason] of cases) {
      const answer = await send(asked);
      assert.deepEqual([answer.status, reasonOf(answer.text)], [status, reason], asked.path);
    }
    assert.equal(calls.length, 0);
  });

  it("refuses bodies above the limit, of another type and of another form", async () => {
    const post = (body: string, headers: Record<string, string> = JSON_TYPE) =>
      send({ method: "POST", path: "/api/v1/studies/s/stop", headers, body });
    const cases = [
      [await post(`{"reason":"${"x".repeat(BODY_MAX_BYTES)}"}`), 413],
      [await post("reason=x", { "Content-Type": "application/x-www-form-urlencoded" }), 415],
      [await post("[1]"), 400],
      [await post('{"reason":'), 400],
      [await post('{"reason":1}'), 400],
      [await post('{"mode":"LATER"}'), 400],
      [await post('{"reason":"enough","mode":"STOP_MODE_NOW"}'), 200],
    ] as const;
    for (const [answer, status] of cases) assert.equal(answer.status, status, answer.text);
    assert.equal(calls.length, 1);
  });

  it("sends output as events without cutting a character, or as text with its gaps", async () => {
    const [head, tail] = [Buffer.from("grün ").subarray(0, 3), Buffer.from("grün ").subarray(3)];
    answers = async function* () {
      const parts = [
        { attempt: 2, offset: 0 },
        { attempt: 2, offset: 0, chunk: head },
        { attempt: 2, offset: 3, chunk: tail },
        { attempt: 2, offset: 10, chunk: Buffer.from("end") },
      ];
      for (const part of parts) yield ReadOutputResponse.encode(ReadOutputResponse.fromPartial(part)).finish();
    };
    const path = "/api/v1/studies/s/trials/0/output?attempt=2&follow=true";
    const seen: unknown[] = [];
    for await (const { event, data } of eventsOf(await open(server.port, { path }))) seen.push([event, data]);
    assert.deepEqual(seen, [
      ["output", { attempt: 2, offset: 0, text: "" }],
      ["output", { attempt: 2, offset: 0, text: "gr" }],
      ["output", { attempt: 2, offset: 3, text: "ün " }],
      ["output", { attempt: 2, offset: 10, text: "end" }],
      ["end", {}],
    ]);
    const { text } = await send({ path, headers: { Accept: "text/plain" } });
    assert.equal(text, "grün \n[4 bytes are not stored]\nend");
  });

  it("ends the call when the client leaves", async () => {
    let isLeft: (() => void) | undefined;
    const left = new Promise<void>((resolve) => {
      isLeft = resolve;
    });
    answers = async function* ({ signal }) {
      try {
        yield new Uint8Array();
        if (!signal.aborted) await new Promise((resolve) => signal.addEventListener("abort", resolve));
      } finally {
        isLeft?.();
      }
    };
    const answer = await open(server.port, { path: "/api/v1/studies/s/watch" });
    answer.destroy();
    await left;
  });

  it("tells a fault after the first event, and lets the browser come back after one that passes", async () => {
    const streamed = async (code: Status): Promise<unknown[]> => {
      answers = async function* () {
        yield new Uint8Array();
        throw refusal(code, "no", { reason: "NO" });
      };
      const seen: unknown[] = [];
      for await (const { event } of eventsOf(await open(server.port, { path: "/api/v1/studies/s/watch" })))
        seen.push(event);
      return seen;
    };
    assert.deepEqual(await streamed(Status.DATA_LOSS), ["update", "fault"]);
    assert.deepEqual(await streamed(Status.UNAVAILABLE), ["update"]);
  });

  it("sends the files of the page, its own paths as index.html, and nothing outside the folder", async () => {
    for (const path of ["/", "/studies/mnist", "/studies/mnist/trials/03"]) {
      const page = await send({ path });
      assert.deepEqual([page.text, page.headers["cache-control"]], ["index.html", "no-cache"], path);
    }
    const script = await send({
      path: "/assets/app.js",
      headers: { "Accept-Encoding": "gzip, br", Range: "bytes=9-2" },
    });
    assert.deepEqual([script.status, script.text], [200, "assets/app.js.br"]);
    assert.match(script.headers["cache-control"] ?? "", /immutable/);
    for (const path of ["/../server.js", "/assets/%2e%2e/%2e%2e/secret.txt", "/missing.js"])
      assert.equal((await send({ path })).status, 404, path);
    assert.equal((await send({ path: "/", method: "POST" })).status, 405);
  });

  it("goes on when a file of the page has gone", async () => {
    rmSync(join(folder, "assets/app.js"));
    await assert.rejects(send({ path: "/assets/app.js" }));
    assert.equal((await send({ path: "/" })).status, 200);
  });

  it("limits every answer to this site", async () => {
    for (const path of ["/", "/missing.js", "/api/v1/studies", "/api/v1/none"]) {
      const { headers } = await send({ path });
      assert.match(String(headers["content-security-policy"]), /^default-src 'none'; .*frame-ancestors 'none'$/);
      assert.equal(headers["x-content-type-options"], "nosniff");
      assert.equal(headers["cross-origin-resource-policy"], "same-origin");
    }
  });

  it("uses the certificate of gRPC, knows the holder of one, and marks its cookie secure", async (context) => {
    const certificates = new CertificateFolder();
    context.after(() => certificates.delete());
    const authority = certificates.certificate("authority");
    const settings = {
      grpcSecurity: "required",
      grpcTlsCertFile: certificates.certificate("server"),
      grpcTlsKeyFile: certificates.key("server"),
      grpcTlsClientCaFile: authority,
      grpcTokensFile: undefined,
    } as const;
    const secure = await start({ security: serverSecurity(settings, "127.0.0.1", logger) });
    context.after(() => secure.close());
    const ca = readFileSync(authority);
    const holder = (name: "trainer" | "foreign") => ({
      ca,
      cert: readFileSync(certificates.certificate(name)),
      key: readFileSync(certificates.key(name)),
    });
    const path = "/api/v1/studies/s";
    await ask(secure.port, { path, tls: holder("trainer") });
    await ask(secure.port, { path, tls: { ca } });
    await ask(secure.port, { path, tls: holder("foreign") });
    assert.deepEqual(
      calls.map(({ evidence }) => evidence.subject?.["CN"]),
      ["gpu-1", undefined, undefined],
    );
    const ended = await ask(secure.port, { method: "DELETE", path: "/session", tls: { ca } });
    assert.match(ended.headers["set-cookie"]?.[0] ?? "", /^__Host-sintonia-\d+=; Max-Age=0; .*; Secure$/);
  });

  it("says that the page is not built", async () => {
    rmSync(join(folder, "index.html"));
    await assert.rejects(start(), /the page is not built/);
  });
});
