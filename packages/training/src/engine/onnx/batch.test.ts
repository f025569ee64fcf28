import assert from "node:assert/strict";
import { it } from "node:test";
import { examplesOf } from "../contract/problem.fixture.js";
import { Batch } from "./batch.js";

const EXAMPLES = examplesOf(2, [1, 2, 3, 4, 5, 6, 7, 8], [3, 2, 1, 0]);

it("gathers rows in the order asked for", () => {
  const { inputs, labels } = new Batch(2).gather(EXAMPLES, Uint32Array.of(3, 0, 3));
  assert.deepEqual([...inputs], [7, 8, 1, 2, 7, 8]);
  assert.deepEqual([...labels], [0, 3, 0]);
});

it("keeps its memory from batch to batch, and its views while the size stays", () => {
  const batch = new Batch(2);
  const first = batch.gather(EXAMPLES, Uint32Array.of(0, 1, 2));
  const again = batch.gather(EXAMPLES, Uint32Array.of(1, 2, 3));
  assert.equal(again.inputs, first.inputs);
  assert.equal(again.labels, first.labels);
  const shorter = batch.gather(EXAMPLES, Uint32Array.of(2));
  assert.equal(shorter.inputs.buffer, first.inputs.buffer);
  assert.deepEqual([...shorter.inputs], [5, 6]);
});

it("refuses a row that is not there", () => {
  assert.throws(() => new Batch(2).gather(EXAMPLES, Uint32Array.of(4)), RangeError);
});
