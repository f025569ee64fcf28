import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { lockFolder } from "../folder/lock.js";
import { RunFolder } from "../folder/run-folder.js";
import { hasRunEnded, startedCoordinatorOf } from "./running.js";

/** A folder in which this process works as a run, with its coordinator at an address. */
function startRun(context: TestContext) {
  const dir = mkdtempSync(join(tmpdir(), "sintonia-running-"));
  const lock = lockFolder(dir);
  context.after(() => rmSync(dir, { recursive: true, force: true }));
  const moveTo = (coordinator: string): void =>
    writeFileSync(new RunFolder(dir).cluster, JSON.stringify({ coordinator, pid: process.pid }));
  moveTo("127.0.0.1:1");
  return { dir, moveTo, end: () => lock.release() };
}

test("a reader whose coordinator is gone waits for the end of the run", async (context) => {
  const { dir, end } = startRun(context);
  assert.equal(await startedCoordinatorOf(dir), "127.0.0.1:1");
  const ended = hasRunEnded(dir, "127.0.0.1:1");
  end();
  assert.equal(await ended, true);
  assert.equal(await startedCoordinatorOf(dir), undefined);
});

test("a run with another coordinator is another run", async (context) => {
  const { dir, moveTo } = startRun(context);
  const ended = hasRunEnded(dir, "127.0.0.1:1");
  moveTo("127.0.0.1:2");
  assert.equal(await ended, true);
  assert.equal(await startedCoordinatorOf(dir), "127.0.0.1:2");
});
