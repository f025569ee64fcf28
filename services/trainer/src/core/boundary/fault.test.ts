import assert from "node:assert/strict";
import { test } from "node:test";
import { FAULT_CODES, FAULT_VERDICTS } from "./fault.js";

test("calls are repeated after temporary faults, and rejected after faults of the request", () => {
  const retried = FAULT_CODES.filter((code) => FAULT_VERDICTS[code] === "retry");
  const passing = ["cancelled", "unknown", "deadline-exceeded", "resource-exhausted", "aborted", "internal"];
  assert.deepEqual(retried, [...passing, "unavailable", "data-loss"]);
});
