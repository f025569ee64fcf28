import assert from "node:assert/strict";
import { test } from "node:test";
import { formatPath } from "../../validation/problems.js";
import type { SearchSpace } from "../parameter.js";
import { checkValues } from "./values.js";

const SPACE: SearchSpace = {
  rate: { type: "double", min: 0, max: 1, scale: "linear", step: 0.1 },
  units: { type: "integer", min: 32, max: 96, scale: "linear", step: 32 },
  kind: { type: "categorical", values: ["a", "b"] },
  extra: { type: "categorical", values: [1, 2, 3], when: { kind: ["b"] } },
  constant: { type: "fixed", value: 7 },
};

test("returns values in the space's order, with stepped decimals made exact", () => {
  const result = checkValues(SPACE, { extra: 2, constant: 7, kind: "b", rate: 0.1 + 0.2, units: 64 });
  assert.ok(result.ok);
  assert.equal(JSON.stringify(result.values), '{"rate":0.3,"units":64,"kind":"b","extra":2,"constant":7}');
});

test("names each parameter whose value is missing, invalid or superfluous", () => {
  const result = checkValues(SPACE, { rates: 1, rate: 0.35, units: "64", kind: "a", extra: 1 });
  assert.ok(!result.ok);
  assert.deepEqual(
    result.findings.map(({ path, expected }) => `${formatPath(path)}: ${expected}`),
    [
      "rates: a parameter of the space; did you mean rate?",
      "rate: a number from 0 to 1, 11 values",
      "units: a whole number from 32 to 96, 3 values",
      "extra: no value, because the parameter is inactive there",
      "constant: 7",
    ],
  );
});

test("refuses numbers that are no values of the parameter", () => {
  for (const units of [31, 33, 97, 128, 64.5, Number.NaN, Number.POSITIVE_INFINITY, null, true, [64]]) {
    assert.ok(!checkValues({ units: SPACE["units"] as never }, { units }).ok, String(units));
  }
});
