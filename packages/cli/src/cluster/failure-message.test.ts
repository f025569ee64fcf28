import assert from "node:assert/strict";
import { test } from "node:test";
import { failureMessage } from "./failure-message.js";

const INFO = '{"level":"info","message":"coordinator ready"}';
const FATAL = '{"level":"fatal","message":"a study cannot go on","err":{"message":"the log has a gap"}}';

test("prefers the line that a service printed for a person, without the service's name", () => {
  assert.equal(
    failureMessage(`${INFO}\n${FATAL}\ncoordinator: port 7230 is in use\n`, "coordinator"),
    "port 7230 is in use",
  );
  assert.equal(failureMessage("sintonia-trainer: no engine\n", "trainer-2"), "no engine");
});

test("returns the last error in the log if nothing was printed", () => {
  assert.equal(failureMessage(`${FATAL}\n${INFO}\n`, "coordinator"), "a study cannot go on: the log has a gap");
});

test("finds an error in the log of nats-server", () => {
  const log = "[7] 2026/11/23 10:00:00.1 [INF] Starting\n[7] 2026/11/23 10:00:00.2 [FTL] can't create storage\n";
  assert.equal(failureMessage(log, "nats-server"), "can't create storage");
});

test("skips the lines of a stack trace", () => {
  assert.equal(failureMessage("trainer: it broke\n    at file.js:1:1\n", "trainer-1"), "it broke");
});

test("returns undefined for a log without errors", () => {
  assert.equal(failureMessage(`${INFO}\n`, "coordinator"), undefined);
});
