import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { identityOf, isSameProcessAlive } from "../system/process/process-identity.js";
import { ChildRecords, stopOrphans } from "./orphans.js";

function recordsFile(context: TestContext): string {
  const folder = mkdtempSync(join(tmpdir(), "sintonia-orphans-"));
  context.after(() => rmSync(folder, { recursive: true, force: true }));
  return join(folder, "processes.json");
}

/** Starts a process that lives until it is stopped. */
async function startSleeper(context: TestContext): Promise<number> {
  const child = spawn(process.execPath, ["-e", "process.stdout.write('x'); process.stdin.resume()"], {
    detached: true,
    stdio: ["pipe", "pipe", "ignore"],
  });
  context.after(() => child.kill("SIGKILL"));
  await once(child.stdout, "data");
  return child.pid as number;
}

test("stops a recorded process of an earlier run and deletes the record", async (context) => {
  const path = recordsFile(context);
  const identity = identityOf(await startSleeper(context));
  assert.ok(identity);
  new ChildRecords(path).set({ name: "nats-server", ...identity });
  assert.deepEqual(await stopOrphans(path), ["nats-server"]);
  assert.equal(isSameProcessAlive(identity), false);
  assert.equal(existsSync(path), false);
});

test("does not stop another process with the same id", async (context) => {
  const path = recordsFile(context);
  const pid = await startSleeper(context);
  new ChildRecords(path).set({ name: "nats-server", pid, started: "another time" });
  assert.deepEqual(await stopOrphans(path), []);
  assert.ok(identityOf(pid));
});

test("stops nothing after a run that ended in order", async (context) => {
  assert.deepEqual(await stopOrphans(recordsFile(context)), []);
});
