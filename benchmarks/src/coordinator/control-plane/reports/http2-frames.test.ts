import assert from "node:assert/strict";
import { once } from "node:events";
import { createServer, type Http2Server, type ServerHttp2Stream } from "node:http2";
import type { AddressInfo } from "node:net";
import { buffer } from "node:stream/consumers";
import { after, before, test } from "node:test";
import { FrameConnection } from "./http2-frames.js";

const HEADERS = { ":method": "POST", ":scheme": "http", ":path": "/echo", ":authority": "x", te: "trailers" };

let server: Http2Server;
let address: string;

before(async () => {
  server = createServer();
  server.on("stream", (stream, headers) => void answer(stream, String(headers[":path"])));
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  address = `127.0.0.1:${(server.address() as AddressInfo).port}`;
});

after(() => server.close());

/** Answers /reset with a reset, /empty with headers alone, all else with the request's data. */
async function answer(stream: ServerHttp2Stream, path: string): Promise<void> {
  stream.on("error", () => undefined);
  if (path === "/reset") return stream.close(2);
  if (path === "/empty") return stream.respond({ ":status": 200, "grpc-status": "8" }, { endStream: true });
  const data = await buffer(stream);
  stream.respond({ ":status": 200 }, { waitForTrailers: true });
  stream.on("wantTrailers", () => stream.sendTrailers({ "grpc-status": "0" }));
  stream.end(data);
}

test("answers have the data of their own requests, however many are under way", async () => {
  const connection = new FrameConnection(address, HEADERS);
  const texts = Array.from({ length: 50 }, (_, index) => `request ${index} ${"x".repeat(100 * index)}`);
  const answers = await Promise.all(texts.map((text) => connection.request(Buffer.from(text))));
  assert.deepEqual(answers.map(String), texts);
  connection.close();
});

test("more data arrives than one window of HTTP/2 holds", async () => {
  const connection = new FrameConnection(address, HEADERS);
  const data = Buffer.alloc(10_000, "y");
  for (let call = 0; call < 20; call += 1) assert.deepEqual(await connection.request(data), data);
  connection.close();
});

test("an answer of headers alone has no data", async () => {
  const connection = new FrameConnection(address, { ...HEADERS, ":path": "/empty" });
  assert.equal((await connection.request(Buffer.from("x"))).length, 0);
  connection.close();
});

test("a reset and the end of the connection reject the calls under way", async () => {
  const connection = new FrameConnection(address, { ...HEADERS, ":path": "/reset" });
  await assert.rejects(connection.request(Buffer.from("x")), /reset/);
  const pending = connection.request(Buffer.from("x"));
  connection.close();
  await assert.rejects(pending, /closed|reset/);
});
