import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { it } from "node:test";

/** Sends SIGTERM to a program once it has written something. Returns its exit code. */
async function codeAfterSignal(program: string): Promise<number | null> {
  const preload = import.meta.resolve("./early-end.js");
  const args = ["--import", preload, "--eval", `${program}; setTimeout(() => {}, 60_000); console.log("up");`];
  const child = spawn(process.execPath, args, { stdio: ["ignore", "pipe", "inherit"] });
  await once(child.stdout, "data");
  const closed = once(child, "close");
  child.kill("SIGTERM");
  await closed;
  return child.exitCode;
}

it("ends a process that has no handler of the signal yet", async () => {
  assert.equal(await codeAfterSignal(""), 0);
});

it("leaves the end to the handler of the service", async () => {
  const handler = 'process.on("SIGTERM", () => setImmediate(() => process.exit(7)))';
  assert.equal(await codeAfterSignal(handler), 7);
});
