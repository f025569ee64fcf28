import assert from "node:assert/strict";
import { test } from "node:test";
import { decideRestart, isBearable, RESTARTS_MAX } from "./restart-policy.js";

const KILLED = { code: null, signal: "SIGKILL" } as const;
const FAILED = { code: 1, signal: null } as const;

test("a process that exits by itself before it was ready is not restarted", () => {
  assert.deepEqual(decideRestart({ wasReady: false, deathsInARow: 0 }, FAILED), { kind: "cannot-start" });
});

test("a process that was killed before it was ready is restarted", () => {
  assert.equal(decideRestart({ wasReady: false, deathsInARow: 0 }, KILLED).kind, "restart");
});

test("the delay doubles up to a limit", () => {
  const delays = [0, 1, 2, 3, 4].map((deathsInARow) => decideRestart({ wasReady: true, deathsInARow }, FAILED));
  assert.deepEqual(
    delays.map((decision) => decision.kind === "restart" && decision.delayMs),
    [250, 500, 1000, 2000, 4000],
  );
});

test("the death after the last restart is final", () => {
  assert.deepEqual(decideRestart({ wasReady: true, deathsInARow: RESTARTS_MAX }, KILLED), { kind: "give-up" });
});

test("a run ends with the first trainer that cannot start, unless a trainer has trained", () => {
  const loss = { isTrainer: true, reason: "cannot-start", remaining: 3, hasTrained: false } as const;
  assert.equal(isBearable(loss), false);
  assert.equal(isBearable({ ...loss, hasTrained: true }), true);
  assert.equal(isBearable({ ...loss, reason: "give-up" }), true);
  assert.equal(isBearable({ ...loss, reason: "give-up", remaining: 0 }), false);
  assert.equal(isBearable({ ...loss, isTrainer: false, reason: "give-up" }), false);
});
