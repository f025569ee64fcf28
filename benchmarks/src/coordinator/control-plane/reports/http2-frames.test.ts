import assert from "node:assert/strict";
import { once } from "node:events";
import { createServer, type Http2Server, type ServerHttp2Stream } from "node:http2";
import type { AddressInfo } from "node:net";
import { after, before, test } from "node:test";
import { FrameConnection } from "./http2-frames.js";

const HEADERS = { ":method": "POST", ":scheme": "http", ":path": "/echo", ":authority": "x", te: "trailers" };

let server: Http2Server;
let address: string;

before(async () => {
  server = createServer();
  server.on("stream", (stream, headers) => answer(stream, String(headers[":path"])));
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  address = `127.0.0.1:${(server.address() as AddressInfo).port}`;
});

after(() => server.close());

/** Answers /reset with a reset, /empty with headers alone, all else with the data of the call. */
function answer(stream: ServerHttp2Stream, path: string): void {
  stream.on("error", () => undefined);
  if (path === "/reset") stream.close(2);
  else stream.respond({ ":status": 200 }, { endStream: path === "/empty" });
  if (path === "/echo") stream.pipe(stream);
}

/** A call that echoes what it is sent. */
class Echo {
  readonly connection: FrameConnection;
  readonly ended: Promise<Error>;
  #data = Buffer.alloc(0);
  #arrived: () => void = () => undefined;

  constructor(path: string) {
    this.connection = new FrameConnection(address, { ...HEADERS, ":path": path });
    this.ended = new Promise((resolve) => {
      const onData = (data: Buffer): void => {
        this.#data = Buffer.concat([this.#data, data]);
        this.#arrived();
      };
      this.connection.begin({ onData, onEnd: resolve });
    });
  }

  /** Sends data, and waits until as many bytes are back. */
  async sent(data: Buffer): Promise<Buffer> {
    this.#data = Buffer.alloc(0);
    this.connection.send(data);
    while (this.#data.length < data.length) {
      await new Promise<void>((resolve) => {
        this.#arrived = resolve;
      });
    }
    return this.#data;
  }
}

test("answers arrive message by message, more of them than one window of HTTP/2 holds", async () => {
  const echo = new Echo("/echo");
  for (let number = 0; number < 20; number += 1) {
    const data = Buffer.alloc(10_000, `message ${number}`);
    assert.deepEqual(await echo.sent(data), data);
  }
  echo.connection.close();
  assert.match((await echo.ended).message, /closed/);
});

test("an answer of headers alone, and a reset, end the call", async () => {
  for (const [path, reason] of [
    ["/empty", /ended the call/],
    ["/reset", /reset the call/],
  ] as const) {
    const { connection, ended } = new Echo(path);
    assert.match((await ended).message, reason);
    connection.close();
  }
});
