import assert from "node:assert/strict";
import { test } from "node:test";
import { trialValues } from "./values.js";

test("returns the trial's own values only, in the order of the names", () => {
  const values = {
    rate: { kind: { $case: "doubleValue", value: 0.1 } },
    valueOf: { kind: { $case: "integerValue", value: 3 } },
  } as const;
  const names = ["toString", "valueOf", "constructor", "rate"];
  assert.deepEqual(Object.entries(trialValues({ values }, names)), [
    ["valueOf", 3],
    ["rate", 0.1],
  ]);
});
