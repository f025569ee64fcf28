import assert from "node:assert/strict";
import { test } from "node:test";
import { serverConfig } from "./server-config.js";
import { isAtLeast, parseVersion } from "./version.js";

test("syncs at every write if the server's version supports it", () => {
  const settings = { host: "127.0.0.1", port: 4333, storeDir: '/runs/a "b"/nats', users: [] };
  const old = serverConfig({ ...settings, version: [2, 9, 10] });
  assert.doesNotMatch(old, /sync_interval/);
  assert.match(old, /store_dir: "\/runs\/a \\"b\\"\/nats"/);
  assert.match(serverConfig({ ...settings, version: [2, 10, 0] }), /sync_interval: always/);
});

test("compares versions by number", () => {
  assert.deepEqual(parseVersion("nats-server: v2.10.3\n"), [2, 10, 3]);
  assert.equal(parseVersion("nonsense"), undefined);
  assert.ok(isAtLeast([2, 10, 0], [2, 9, 10]));
  assert.ok(isAtLeast([3, 0, 0], [2, 10, 0]));
  assert.ok(!isAtLeast([2, 9, 10], [2, 10, 0]));
});

test("lets in only the users of the run, with the permissions of their roles", () => {
  const users = [
    { role: "coordinator", nkey: "UC" },
    { role: "trainer", nkey: "UT" },
  ] as const;
  const config = serverConfig({ version: [2, 9, 10], host: "127.0.0.1", port: 4333, storeDir: "/nats", users });
  const [, list = ""] = /^authorization \{ users: (.*) \}$/m.exec(config) ?? [];
  const [coordinator, trainer] = JSON.parse(list) as { nkey: string; permissions: { publish: string[] } }[];
  assert.deepEqual([coordinator?.nkey, trainer?.nkey], ["UC", "UT"]);
  assert.ok(coordinator?.permissions.publish.includes("sintonia.events.*"));
  const queues = /SINTONIA_(ASSIGNMENTS\.trainers|RESOURCE_ASSIGNMENTS\.\*)/;
  assert.ok(trainer?.permissions.publish.every((subject) => queues.test(subject)));
});
