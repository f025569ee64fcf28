import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { closeSync, existsSync, openSync } from "node:fs";
import { PassThrough } from "node:stream";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { handleLostOutput } from "./output.js";

const MAIN = fileURLToPath(new URL("../../main.js", import.meta.url));
/** A device of Linux on which every write fails for want of space. */
const FULL = "/dev/full";

function failure(code: string): NodeJS.ErrnoException {
  return Object.assign(new Error(code), { code });
}

test("a closed pipe is no failure", () => {
  const [stdout, stderr] = [new PassThrough(), new PassThrough()];
  const isLost = handleLostOutput({ stdout, stderr });
  stdout.emit("error", failure("EPIPE"));
  stderr.emit("error", failure("EPIPE"));
  assert.deepEqual([isLost(), stderr.read()], [false, null]);
});

test("output that cannot be written is reported once", () => {
  const [stdout, stderr] = [new PassThrough(), new PassThrough()];
  const isLost = handleLostOutput({ stdout, stderr });
  for (let line = 0; line < 3; line += 1) stdout.emit("error", failure("ENOSPC"));
  const message = "error: standard output cannot be written: no space is left on the device\n";
  assert.deepEqual([isLost(), String(stderr.read())], [true, message]);
});

test("the program ends with 1 and one line on a full device", { skip: !existsSync(FULL) && "no /dev/full" }, () => {
  const full = openSync(FULL, "w");
  try {
    const args = [MAIN, "completion", "bash"];
    const { status, stderr } = spawnSync(process.execPath, args, { stdio: ["ignore", full, "pipe"], encoding: "utf8" });
    assert.equal(status, 1);
    assert.match(stderr, /^error: standard output cannot be written: no space is left on the device\n$/);
  } finally {
    closeSync(full);
  }
});
