import assert from "node:assert/strict";
import { test } from "node:test";
import { findNats, type NatsSearch, natsText } from "./find.js";

/** A machine with nothing on it. */
function search(has: Partial<NatsSearch> = {}): NatsSearch {
  return {
    url: undefined,
    findServer: () => undefined,
    serverVersion: () => "nats-server: v2.9.10",
    packages: undefined,
    hasDocker: () => false,
    platform: "linux",
    ...has,
  };
}

test("a server that somebody names wins over everything", async () => {
  const source = await findNats(search({ url: "nats://elsewhere:4222", findServer: () => "/usr/sbin/nats-server" }));
  assert.deepEqual(source, { kind: "external", url: "nats://elsewhere:4222" });
});

test("a server on the PATH wins over Docker", async () => {
  const source = await findNats(search({ findServer: () => "/usr/sbin/nats-server", hasDocker: () => true }));
  assert.equal(natsText(source), "nats-server 2.9.10 (/usr/sbin/nats-server)");
});

test("the distribution's package is installed where that is allowed", async () => {
  let installed = false;
  const install = async (): Promise<boolean> => {
    installed = true;
    return true;
  };
  const findServer = (): string | undefined => (installed ? "/usr/sbin/nats-server" : undefined);
  const source = await findNats(search({ findServer, packages: { name: "apt-get", install } }));
  assert.equal(source.kind, "binary");
});

test("Docker is taken where a package cannot be installed", async () => {
  const packages = { name: "apt-get", install: async () => false };
  const source = await findNats(search({ packages, hasDocker: () => true }));
  assert.equal(source.kind, "docker");
});

test("a machine without any way says how to get a server there", async () => {
  await assert.rejects(findNats(search()), /apt-get install nats-server.*Docker.*NATS_URL/);
  await assert.rejects(findNats(search({ platform: "darwin" })), /brew install nats-server/);
});

test("a server that is too old or does not run is named", async () => {
  const findServer = (): string => "/opt/nats-server";
  await assert.rejects(findNats(search({ findServer, serverVersion: () => "v2.8.4" })), /version 2.8.4; 2.9 or newer/);
  await assert.rejects(findNats(search({ findServer, serverVersion: () => undefined })), /\/opt\/nats-server/);
});
