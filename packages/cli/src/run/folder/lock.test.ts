import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { identityOf } from "../../system/process/process-identity.js";
import { lockFolder } from "./lock.js";

function temporaryFolder(context: TestContext): string {
  const folder = mkdtempSync(join(tmpdir(), "sintonia-lock-"));
  context.after(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

test("refuses a second lock on a folder", (context) => {
  const folder = temporaryFolder(context);
  const lock = lockFolder(folder);
  assert.throws(() => lockFolder(folder), new RegExp(`process ${process.pid}`));
  lock.release();
  lockFolder(folder).release();
  assert.deepEqual(readdirSync(folder), []);
});

test("replaces the lock of a process that has ended", (context) => {
  const folder = temporaryFolder(context);
  const { pid } = spawnSync(process.execPath, ["-e", ""]);
  writeFileSync(join(folder, "run.lock"), JSON.stringify({ pid, started: "1" }));
  lockFolder(folder).release();
});

test("replaces the lock of an ended process whose id was reused", (context) => {
  const folder = temporaryFolder(context);
  writeFileSync(join(folder, "run.lock"), JSON.stringify({ ...identityOf(process.pid), started: "another time" }));
  lockFolder(folder).release();
});

test("replaces an incomplete lock", (context) => {
  const folder = temporaryFolder(context);
  writeFileSync(join(folder, "run.lock"), "");
  lockFolder(folder).release();
});
