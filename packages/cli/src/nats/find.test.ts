import assert from "node:assert/strict";
import { test } from "node:test";
import { findNats, type NatsSearch, natsText } from "./find.js";

/** The search on a machine without NATS, Docker or a package manager, except for `has`. */
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

test("NATS_URL takes precedence over every server of the machine", async () => {
  const source = await findNats(search({ url: "nats://elsewhere:4222", findServer: () => "/usr/sbin/nats-server" }));
  assert.deepEqual(source, { kind: "external", url: "nats://elsewhere:4222" });
});

test("a server on the PATH takes precedence over Docker", async () => {
  const source = await findNats(search({ findServer: () => "/usr/sbin/nats-server", hasDocker: () => true }));
  assert.equal(natsText(source), "nats-server 2.9.10 (/usr/sbin/nats-server)");
});

test("installs the package of the distribution if allowed", async () => {
  let installed = false;
  const install = async (): Promise<boolean> => {
    installed = true;
    return true;
  };
  const findServer = (): string | undefined => (installed ? "/usr/sbin/nats-server" : undefined);
  const source = await findNats(search({ findServer, packages: { name: "apt-get", install } }));
  assert.equal(source.kind, "binary");
});

test("uses Docker if the package cannot be installed", async () => {
  const packages = { name: "apt-get", install: async () => false };
  const source = await findNats(search({ packages, hasDocker: () => true }));
  assert.equal(source.kind, "docker");
});

test("the error on a machine without a server contains instructions for its platform", async () => {
  await assert.rejects(findNats(search()), /apt-get install nats-server.*Docker.*NATS_URL/);
  await assert.rejects(findNats(search({ platform: "darwin" })), /brew install nats-server/);
});

test("refuses a server that is too old or does not run", async () => {
  const findServer = (): string => "/opt/nats-server";
  await assert.rejects(findNats(search({ findServer, serverVersion: () => "v2.8.4" })), /version 2.8.4; 2.9 or newer/);
  await assert.rejects(findNats(search({ findServer, serverVersion: () => undefined })), /\/opt\/nats-server/);
});
