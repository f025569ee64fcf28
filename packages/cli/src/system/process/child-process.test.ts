import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { exitText, startChild } from "./child-process.js";
import { identityOf } from "./process-identity.js";

function nodeProgram(context: TestContext, code: string): Parameters<typeof startChild>[0] {
  const folder = mkdtempSync(join(tmpdir(), "sintonia-child-"));
  context.after(() => rmSync(folder, { recursive: true, force: true }));
  return {
    name: "node",
    command: process.execPath,
    args: ["-e", code],
    env: process.env,
    logPath: join(folder, "node.log"),
  };
}

test("reads the output of this start, not of an earlier one", async (context) => {
  const program = nodeProgram(context, "console.error('cannot go on'); process.exit(3)");
  writeFileSync(program.logPath, "an earlier start\n");
  const child = startChild(program);
  assert.deepEqual(await child.exited, { code: 3, signal: null });
  assert.equal(child.readLog(), "cannot go on\n");
});

test("a missing program ends with code 127", async (context) => {
  const program = { ...nodeProgram(context, ""), command: "/nonexistent/program" };
  assert.deepEqual(await startChild(program).exited, { code: 127, signal: null });
});

test("a kill ends the children of the child too", async (context) => {
  const grandchild =
    "require('child_process').spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)'], {stdio: 'inherit'})";
  const program = nodeProgram(context, `const c = ${grandchild}; console.log(c.pid); setInterval(() => {}, 1000)`);
  const child = startChild(program);
  while (!child.readLog().includes("\n")) await new Promise(setImmediate);
  child.kill();
  assert.deepEqual(await child.exited, { code: null, signal: "SIGKILL" });
  const pid = Number(child.readLog());
  while (identityOf(pid) !== undefined) await new Promise(setImmediate);
});

test("describes an exit by its code or its signal", () => {
  assert.equal(exitText({ code: null, signal: "SIGKILL" }), "was killed by SIGKILL");
  assert.equal(exitText({ code: 1, signal: null }), "ended with code 1");
});
