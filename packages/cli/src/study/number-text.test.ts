import assert from "node:assert/strict";
import { test } from "node:test";
import { columnText, comparedText, grouped, numberText, percent, steadyText, valueText } from "./number-text.js";

test("a number has four significant digits, and all digits before its decimal point", () => {
  const cases: readonly [number, string][] = [
    [Math.fround(0.9842), "0.9842"],
    [0.0012345678, "0.001235"],
    [0.036970858597258155, "0.03697"],
    [123456.789, "123457"],
    [999.96, "1000"],
    [99.996, "100"],
    [1024, "1024"],
    [123456789, "123456789"],
    [1e-5, "0.00001"],
    [2.51234e-7, "2.512e-7"],
    [1.23456e20, "1.235e+20"],
    [1.23456e30, "1.235e+30"],
    [-0.5, "-0.5"],
    [0, "0"],
    [-0, "0"],
    [Number.NaN, "NaN"],
    [-Infinity, "-Infinity"],
  ];
  for (const [value, text] of cases) assert.equal(numberText(value), text, String(value));
});

test("a value is printed by its type", () => {
  assert.deepEqual([128, 0.00168, 0.0012345678, true, "relu"].map(valueText), [
    "128",
    "0.00168",
    "0.001235",
    "true",
    "relu",
  ]);
});

test("a number that changes keeps its width", () => {
  assert.deepEqual([0.98, 0.98427, 12.5, 2e-7, 123456.7].map(steadyText), [
    "0.9800",
    "0.9843",
    "12.50",
    "2e-7",
    "123457",
  ]);
});

test("numbers of a column get the digits that their spread needs", () => {
  assert.deepEqual([0.91, 0.98427].map(columnText([0.91, 0.98427])), ["0.91", "0.9843"]);
  assert.deepEqual([0.9998412, 0.9998437].map(columnText([0.9998412, 0.9998437])), ["0.9998412", "0.9998437"]);
  assert.deepEqual([5.5].map(columnText([5.5, 5.5])), ["5.5"]);
  assert.equal(columnText([])(0.12345), "0.1235");
  assert.equal(columnText([Number.NaN, 0.5])(0.5), "0.5");
});

test("the best number of a column differs from every other one", () => {
  const values = [0.9, 0.984211, 0.984214];
  assert.deepEqual(values.map(columnText(values)), ["0.9", "0.9842", "0.9842"]);
  assert.deepEqual(values.map(columnText(values, 0.984214)), ["0.9", "0.984211", "0.984214"]);
});

test("compared numbers are told apart, and equal ones look equal", () => {
  assert.deepEqual([0.98421, 0.98424, 0.98421].map(comparedText([0.98421, 0.98424, 0.98421])), [
    "0.98421",
    "0.98424",
    "0.98421",
  ]);
  assert.deepEqual([0.98, 0.98].map(comparedText([0.98, 0.98])), ["0.98", "0.98"]);
});

test("shares and counts are formatted", () => {
  assert.equal(percent(0.9845), "98.45 %");
  assert.equal(grouped(10_000), "10,000");
});
