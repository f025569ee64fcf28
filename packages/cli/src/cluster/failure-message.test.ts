import assert from "node:assert/strict";
import { test } from "node:test";
import { failureMessage } from "./failure-message.js";

const INFO = '{"level":"info","message":"coordinator ready"}';
const FATAL = '{"level":"fatal","message":"a study cannot go on","err":{"message":"the log has a gap"}}';

test("what a service printed for a person counts most, without its name", () => {
  assert.equal(
    failureMessage(`${INFO}\n${FATAL}\ncoordinator: port 7230 is in use\n`, "coordinator"),
    "port 7230 is in use",
  );
  assert.equal(failureMessage("sintonia-trainer: no engine\n", "trainer-2"), "no engine");
});

test("else its last fault in the log", () => {
  assert.equal(failureMessage(`${FATAL}\n${INFO}\n`, "coordinator"), "a study cannot go on: the log has a gap");
});

test("a fault of nats-server is found among its lines", () => {
  const log = "[7] 2026/11/23 10:00:00.1 [INF] Starting\n[7] 2026/11/23 10:00:00.2 [FTL] can't create storage\n";
  assert.equal(failureMessage(log, "nats-server"), "can't create storage");
});

test("a stack is not what a person is told", () => {
  assert.equal(failureMessage("trainer: it broke\n    at file.js:1:1\n", "trainer-1"), "it broke");
});

test("a process that said nothing has no last words", () => {
  assert.equal(failureMessage(`${INFO}\n`, "coordinator"), undefined);
});
