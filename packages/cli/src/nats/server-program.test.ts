import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir, userInfo } from "node:os";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { type ServerPaths, serverProgram } from "./server-program.js";

function pathsIn(context: TestContext): ServerPaths {
  const folder = mkdtempSync(join(tmpdir(), "sintonia-nats-"));
  context.after(() => rmSync(folder, { recursive: true, force: true }));
  return {
    port: 4333,
    configPath: join(folder, "nats.conf"),
    storeDir: join(folder, "nats"),
    logPath: join(folder, "log"),
    users: [],
  };
}

test("a server program listens on the loopback port and keeps its store in the run folder", (context) => {
  const { port, ...paths } = pathsIn(context);
  const program = serverProgram(
    { kind: "binary", path: "/usr/sbin/nats-server", version: [2, 9, 10] },
    { port, ...paths },
  );
  assert.deepEqual([program.command, program.args], ["/usr/sbin/nats-server", ["--config", paths.configPath]]);
  const config = readFileSync(paths.configPath, "utf8");
  assert.match(config, /host: "127.0.0.1"\nport: 4333\n/);
  assert.ok(config.includes(JSON.stringify(paths.storeDir)));
});

test("a container publishes the loopback port, runs as this user, and mounts the run folder's store", (context) => {
  const { port, ...paths } = pathsIn(context);
  const program = serverProgram({ kind: "docker", image: "nats:2.12-alpine", version: [2, 12, 0] }, { port, ...paths });
  const { uid, gid } = userInfo();
  assert.equal(program.command, "docker");
  for (const arg of ["--publish=127.0.0.1:4333:4222", `--user=${uid}:${gid}`, `--volume=${paths.storeDir}:/data`]) {
    assert.ok(program.args.includes(arg), arg);
  }
  assert.match(readFileSync(paths.configPath, "utf8"), /host: "0.0.0.0"\nport: 4222\n.*store_dir: "\/data"/s);
});
