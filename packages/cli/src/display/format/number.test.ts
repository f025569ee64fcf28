import assert from "node:assert/strict";
import { test } from "node:test";
import { formatValue, grouped, percent, pythonFloat, significant } from "./number.js";

test("floats print as Python's repr does", () => {
  const cases: readonly [number, string][] = [
    [Math.fround(0.9842), "0.9842000007629395"],
    [Math.fround(0.901), "0.9010000228881836"],
    [0.036970858597258155, "0.036970858597258155"],
    [1, "1.0"],
    [0, "0.0"],
    [1e-5, "1e-05"],
    [2.5e-7, "2.5e-07"],
    [1e-100, "1e-100"],
    [0.0001, "0.0001"],
    [1e16, "1e+16"],
    [-0.5, "-0.5"],
    [Number.NaN, "nan"],
    [-Infinity, "-inf"],
  ];
  for (const [value, text] of cases) assert.equal(pythonFloat(value), text, text);
});

test("a value is printed by its type", () => {
  assert.deepEqual([128, 0.00168, true, "relu"].map(formatValue), ["128", "0.00168", "true", "relu"]);
});

test("significant digits, percentages and thousands are formatted", () => {
  assert.equal(significant(0.0773749, 4), "0.07737");
  assert.equal(percent(0.9845), "98.45 %");
  assert.equal(grouped(10_000), "10,000");
});
