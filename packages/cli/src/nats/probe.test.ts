import assert from "node:assert/strict";
import { once } from "node:events";
import { type AddressInfo, createServer } from "node:net";
import { type TestContext, test } from "node:test";
import { probeServer, requireServer, serversOf } from "./probe.js";

async function greetWith(context: TestContext, ...parts: string[]): Promise<number> {
  const server = createServer((socket) => {
    for (const part of parts) socket.write(part);
    socket.on("error", () => undefined);
  }).listen(0, "127.0.0.1");
  context.after(() => server.close());
  await once(server, "listening");
  return (server.address() as AddressInfo).port;
}

test("reads the INFO message of a server, even if it arrives in pieces", async (context) => {
  const port = await greetWith(context, 'INFO {"version":"2.9.10",', '"jetstream":true} \r\n');
  assert.deepEqual(await probeServer("127.0.0.1", port), { version: "2.9.10", jetstream: true });
});

test("returns undefined for another program on the port", async (context) => {
  assert.equal(await probeServer("127.0.0.1", await greetWith(context, "SSH-2.0\r\n")), undefined);
});

test("returns undefined if nothing listens on the port", async () => {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  server.close();
  assert.equal(await probeServer("127.0.0.1", port), undefined);
});

test("parses host and port of each server in a URL list", () => {
  assert.deepEqual(serversOf("nats://a:4333, b,tls://[::1]"), [
    { host: "a", port: 4333 },
    { host: "b", port: 4222 },
    { host: "::1", port: 4222 },
  ]);
});

test("names the servers without the password of their URL", async () => {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  server.close();
  await assert.rejects(requireServer(`nats://ana:hunter2@127.0.0.1:${port}`), {
    message: `no NATS server answers at nats://127.0.0.1:${port} (NATS_URL)`,
  });
});
