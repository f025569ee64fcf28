import assert from "node:assert/strict";
import { test } from "node:test";
import { createRandom } from "../../../random/random.js";
import { fantasies } from "./fantasies.js";

test("has mean zero exactly and about unit variance in every coordinate", () => {
  const samples = fantasies(3, createRandom(1));
  for (const j of [0, 1, 2]) {
    const column = samples.map((sample) => sample[j] as number);
    assert.equal(
      column.reduce((sum, value) => sum + value, 0),
      0,
    );
    const variance = column.reduce((sum, value) => sum + value * value, 0) / column.length;
    // The variance of 32 independent normals has a standard deviation of √(2 / 32) = 0.25.
    assert.ok(Math.abs(variance - 1) < 0.75, `${variance}`);
  }
});

test("is one empty sample if no trial is pending", () => {
  assert.deepEqual(fantasies(0, createRandom(1)), [new Float64Array(0)]);
});
