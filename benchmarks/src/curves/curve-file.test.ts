import assert from "node:assert/strict";
import { test } from "node:test";
import { fromRunLengths, runLengths } from "./curve-file.js";

test("run lengths keep every value in its place", () => {
  const values = [0.1, 0.1, 0.01, 0.1, 0.1, 0.1];
  assert.deepEqual(runLengths(values), [
    [0.1, 2],
    [0.01, 1],
    [0.1, 3],
  ]);
  assert.deepEqual(fromRunLengths(runLengths(values)), values);
  assert.deepEqual(runLengths([]), []);
});
