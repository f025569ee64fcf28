import assert from "node:assert/strict";
import { test } from "node:test";
import { chartLines } from "./chart.js";
import { widthOf } from "./text.js";

test("a curve is drawn between its least and its greatest value", () => {
  assert.deepEqual(chartLines({ values: [0.5, 0.75, 0.85, 0.9, 0.92, 0.92], ends: ["1", "6"] }, 80), [
    "0.92 |   ***",
    "     |  *",
    "     |",
    "     | *",
    "     |",
    "     |",
    "     |",
    " 0.5 |*",
    "     +------",
    "      1    6",
  ]);
});

test("missing and infinite values leave gaps, and equal values make a line", () => {
  const lines = chartLines({ values: [1, null, Number.NaN, 1], ends: ["1", "4"] }, 80);
  assert.equal(lines[7], "1 |*  *");
  assert.deepEqual(chartLines({ values: [null], ends: ["1", "1"] }, 80), []);
});

test("many values share the columns of the terminal", () => {
  const values = Array.from({ length: 1000 }, (_, i) => Math.log(i + 1));
  for (const columns of [40, 60, 80, 120]) {
    const lines = chartLines({ values, ends: ["1", "1000"] }, columns);
    assert.equal(lines.length, 10);
    for (const line of lines) assert.ok(widthOf(line) <= Math.min(columns, 70), `${columns} columns: ${line}`);
  }
});

test("values of any size are drawn", () => {
  const lines = chartLines({ values: [-1.7e308, 0, 1.7e308], ends: ["1", "3"] }, 80);
  assert.match(lines[0] ?? "", /^ 1.7e\+308 \| {2}\*$/);
});
