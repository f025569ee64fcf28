import assert from "node:assert/strict";
import { test } from "node:test";
import type { ChildExit, Program, RunningChild } from "../system/process/child-process.js";
import { SupervisedChild, type SupervisionOptions } from "./supervised-child.js";

const PROGRAM: Program = { name: "trainer-1", command: "none", args: [], env: {}, logPath: "trainer-1.log" };
const KILLED: ChildExit = { code: null, signal: "SIGKILL" };

/** Supervises a child that lives until the test ends it, and records the observer's calls. */
function supervise(options: Partial<SupervisionOptions> = {}): {
  child: SupervisedChild;
  events: string[];
  /** Ends the present child, and returns once the supervisor has reacted. */
  end: (exit: ChildExit) => Promise<void>;
} {
  const events: string[] = [];
  let endCurrent: (exit: ChildExit) => void = () => undefined;
  const start = (): RunningChild => {
    events.push("started");
    const exited = new Promise<ChildExit>((resolve) => {
      endCurrent = resolve;
    });
    const terminate = (): void => endCurrent({ code: 0, signal: null });
    return {
      identity: undefined,
      exited,
      readLog: () => "trainer: no engine",
      terminate,
      kill: () => endCurrent(KILLED),
    };
  };
  const observer = {
    started: () => undefined,
    restarting: (_: string, exit: ChildExit) => void events.push(`restarting after ${exit.signal ?? exit.code}`),
    failed: (_: string, error: Error) => void events.push(`failed: ${error.message}`),
  };
  const child = new SupervisedChild(PROGRAM, {
    observer,
    start,
    ready: async () => undefined,
    sleep: async () => undefined,
    ...options,
  });
  const end = async (exit: ChildExit): Promise<void> => {
    endCurrent(exit);
    await new Promise(setImmediate);
  };
  return { child, events, end };
}

const untilDeath = (signal: AbortSignal): Promise<void> =>
  new Promise((resolve) => signal.addEventListener("abort", () => resolve()));

test("restarts a child that was killed", async () => {
  const { child, events, end } = supervise();
  await child.start();
  await end(KILLED);
  assert.deepEqual(events, ["started", "restarting after SIGKILL", "started"]);
});

test("reports the message of a child that cannot start", async () => {
  const { child, events, end } = supervise({ ready: untilDeath });
  const message = "trainer-1 cannot start: no engine (log: trainer-1.log)";
  const refused = assert.rejects(child.start(), { message });
  await end({ code: 1, signal: null });
  await refused;
  assert.equal(events.length, 2);
});

test("gives up after five restarts without progress", async () => {
  const { child, events, end } = supervise();
  await child.start();
  for (let death = 0; death < 6; death += 1) await end(KILLED);
  assert.equal(events.filter((event) => event === "started").length, 6);
  assert.match(events.at(-1) ?? "", /^failed: trainer-1 died 6 times in a row/);
});

test("does not count deaths before the last progress", async () => {
  const { child, events, end } = supervise();
  await child.start();
  for (let death = 0; death < 12; death += 1) {
    await end(KILLED);
    child.noteProgress();
  }
  assert.equal(events.at(-1), "started");
});

test("does not restart a child that was stopped", async () => {
  const { child, events } = supervise();
  await child.start();
  await child.stop(1_000);
  assert.deepEqual(events, ["started"]);
});

test("kills a child that is not ready in time, and rejects the start", async () => {
  const late = new Error("not ready within 30 s");
  const { child } = supervise({ ready: () => Promise.reject(late) });
  await assert.rejects(child.start(), late);
  await child.stop(1_000);
});

test("a stop ends the wait for a restart", async () => {
  const waits = (_: number, signal: AbortSignal): Promise<void> => untilDeath(signal);
  const { child, events, end } = supervise({ sleep: waits });
  await child.start();
  await end(KILLED);
  await child.stop(1_000);
  assert.deepEqual(events, ["started", "restarting after SIGKILL"]);
});
