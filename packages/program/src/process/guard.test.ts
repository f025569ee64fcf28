import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { mkdtemp } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { setTimeout as delay } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { findProcesses } from "./process-table.js";

const FIXTURE = fileURLToPath(new URL("./guarded.fixture.js", import.meta.url));

test("kill -9 of the process that runs a program ends the program and deletes its folder", async () => {
  const folder = await mkdtemp(join(tmpdir(), "sintonia-guard-"));
  const mark = `guard-test-${process.pid}`;
  const runner = spawn(process.execPath, [FIXTURE, folder, mark], { stdio: ["ignore", "pipe", "inherit"] });
  await once(runner.stdout, "data");
  assert.ok(findProcesses({ mark, folder }).length >= 2);
  runner.kill("SIGKILL");
  await once(runner, "exit");
  while (findProcesses({ mark, folder }).length > 0 || existsSync(folder)) await delay(20);
});
