import assert from "node:assert/strict";
import { test } from "node:test";
import { FAULT_CODES, FAULT_REPEATS, refusesCaller, refusesTrainer, repetition } from "./fault.js";

test("calls are repeated after passing faults, and rejected after faults of the request", () => {
  const passing = FAULT_CODES.filter((code) => FAULT_REPEATS[code] === Number.POSITIVE_INFINITY);
  assert.deepEqual(passing, ["cancelled", "deadline-exceeded", "aborted", "unavailable", "unauthenticated"]);
  const doubtful = FAULT_CODES.filter((code) => FAULT_REPEATS[code] > 0 && !passing.includes(code));
  assert.deepEqual(doubtful, ["unknown", "resource-exhausted", "internal", "data-loss"]);
});

test("a call is not repeated without end after a fault that may be the call's own", () => {
  const isRepeated = repetition();
  for (let i = 0; i < 12; i++) assert.ok(isRepeated("internal"), String(i));
  assert.ok(isRepeated("unavailable"));
  assert.ok(!isRepeated("internal"));
  assert.ok(!repetition()("invalid-argument"));
});

test("a trainer is refused by faults that meet every call, and by no passing one", () => {
  const refusing = FAULT_CODES.filter(refusesTrainer);
  const final = FAULT_CODES.filter((code) => FAULT_REPEATS[code] === 0);
  assert.deepEqual(refusing, [...final, "unauthenticated"]);
  assert.ok(!refusesCaller("failed-precondition"));
});
