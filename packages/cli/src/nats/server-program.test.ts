import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir, userInfo } from "node:os";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { type ServerPaths, serverProgram } from "./server-program.js";

function places(context: TestContext): ServerPaths {
  const folder = mkdtempSync(join(tmpdir(), "sintonia-nats-"));
  context.after(() => rmSync(folder, { recursive: true, force: true }));
  return {
    port: 4333,
    configPath: join(folder, "nats.conf"),
    storeDir: join(folder, "nats"),
    logPath: join(folder, "log"),
  };
}

test("a server of this machine listens on the loopback port and keeps its store in the run folder", (context) => {
  const { port, ...at } = places(context);
  const program = serverProgram(
    { kind: "binary", path: "/usr/sbin/nats-server", version: [2, 9, 10] },
    { port, ...at },
  );
  assert.deepEqual([program.command, program.args], ["/usr/sbin/nats-server", ["--config", at.configPath]]);
  const config = readFileSync(at.configPath, "utf8");
  assert.match(config, /host: "127.0.0.1"\nport: 4333\n/);
  assert.ok(config.includes(JSON.stringify(at.storeDir)));
});

test("a server in Docker is reached on the loopback port, writes as this user, and has the run folder's store", (context) => {
  const { port, ...at } = places(context);
  const program = serverProgram({ kind: "docker", image: "nats:2.12-alpine", version: [2, 12, 0] }, { port, ...at });
  const { uid, gid } = userInfo();
  assert.equal(program.command, "docker");
  for (const arg of ["--publish=127.0.0.1:4333:4222", `--user=${uid}:${gid}`, `--volume=${at.storeDir}:/data`]) {
    assert.ok(program.args.includes(arg), arg);
  }
  assert.match(readFileSync(at.configPath, "utf8"), /host: "0.0.0.0"\nport: 4222\n.*store_dir: "\/data"/s);
});
