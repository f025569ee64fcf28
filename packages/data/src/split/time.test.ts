import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { allRows } from "../column/missing.js";
import { recorded } from "../fixture/files.fixture.js";
import { DivisionError } from "./division.js";
import { divideByTime } from "./time.js";

/** Divisions by scikit-learn's TimeSeriesSplit: rows that train and rows for validation. */
const RECORDED = JSON.parse(readFileSync(recorded("time-series-split.json"), "utf8")) as readonly {
  readonly rows: number;
  readonly folds: readonly (readonly [train: number[], validation: number[]])[];
}[];

test("divides rows of different times in folds as scikit-learn's TimeSeriesSplit does", () => {
  for (const { rows, folds } of RECORDED) {
    for (const [index, [train, validation]] of folds.entries()) {
      const fold = { index, count: folds.length };
      const split = divideByTime(allRows(rows), { validation: 0, test: 0, fold }, (row) => row);
      assert.deepEqual([[...split.train], [...split.validation]], [train, validation], `${rows}, ${index}`);
    }
  }
});

test("folds by time leave out the latest rows for the test, and windows end where the time changes", () => {
  const times = [0, 0, 1, 1, 2, 2, 2, 3, 4, 5];
  const fold = (index: number) =>
    divideByTime(allRows(10), { validation: 0, test: 0.2, fold: { index, count: 2 } }, (row) => times[row] as number);
  assert.deepEqual(fold(0), {
    train: Uint32Array.of(0, 1, 2, 3),
    validation: Uint32Array.of(4, 5, 6),
    test: Uint32Array.of(8, 9),
  });
  assert.deepEqual(fold(1).train, Uint32Array.of(0, 1, 2, 3, 4, 5, 6));
  assert.deepEqual(fold(1).validation, Uint32Array.of(7));
});

test("refuses more folds than windows", () => {
  const shares = { validation: 0, test: 0, fold: { index: 0, count: 5 } };
  assert.throws(() => divideByTime(allRows(5), shares, (row) => row), DivisionError);
  assert.throws(() => divideByTime(allRows(50), shares, () => 1), DivisionError);
});
