import assert from "node:assert/strict";
import { test } from "node:test";
import { filtered, orderOf, orderText, pageOf, sorted } from "./rows.js";

test("a filter keeps the rows that contain every word, in any case", () => {
  assert.deepEqual(filtered(["MNIST completed", "mnist failed", "cifar failed"], "mnist FAIL", String), [
    "mnist failed",
  ]);
});

test("rows without a value come last in both directions", () => {
  const rows = [undefined, 2, 10];
  assert.deepEqual(
    [...sorted(rows, (row) => row, false), ...sorted(rows, (row) => row, true)],
    [2, 10, undefined, 10, 2, undefined],
  );
});

test("numbers inside words are compared as numbers", () => {
  assert.deepEqual(sorted(["trial-10", "trial-9"], String, false), ["trial-9", "trial-10"]);
});

test("a page beyond the last one is the last one", () => {
  assert.deepEqual(pageOf([1, 2, 3], 9, 2), { rows: [3], page: 2, pages: 2 });
});

test("an order survives the address, and an unknown column gives none", () => {
  const order = { column: "objective", descending: true };
  assert.deepEqual(orderOf(orderText(order), ["objective"]), order);
  assert.equal(orderOf("-other", ["objective"]), undefined);
});
