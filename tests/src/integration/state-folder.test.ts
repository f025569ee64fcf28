// State folders that cannot be made: the coordinator ends with one line, before it looks for NATS.

import assert from "node:assert/strict";
import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { test } from "node:test";
import { CoordinatorProcess } from "../support/service-process.js";

/** Time limit of a test, far above its duration on a busy machine. A hanging test fails. */
const LIMIT = { timeout: 60_000 };

/** Asserts that a coordinator refuses a state folder, and names the folder and the variable. */
async function assertRefused(folder: string): Promise<void> {
  const refused = new CoordinatorProcess({ SINTONIA_NATS_URL: "nats://127.0.0.1:1", SINTONIA_STATE_DIR: folder });
  try {
    assert.equal(await refused.ended(), 1);
    const line = `cannot make the state folder ${folder} \\([a-z ]+\\): name another one in SINTONIA_STATE_DIR`;
    assert.match(refused.errors, new RegExp(`^coordinator: ${line}\n$`));
  } finally {
    await refused.end("SIGKILL");
  }
}

test("a state folder below a file is refused", LIMIT, async (context) => {
  const folder = mkdtempSync(path.join(tmpdir(), "sintonia-state-"));
  context.after(() => rmSync(folder, { recursive: true }));
  writeFileSync(path.join(folder, "file"), "");
  await assertRefused(path.join(folder, "file", "state"));
});

const skip = existsSync("/proc/self") ? false : "this machine has no procfs";
test("a state folder in procfs is refused, and nothing hangs", { ...LIMIT, skip }, () =>
  assertRefused("/proc/sintonia/state"),
);
