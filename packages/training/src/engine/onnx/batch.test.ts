import assert from "node:assert/strict";
import { it } from "node:test";
import { examplesOf } from "../contract/problem.fixture.js";
import { Batch } from "./batch.js";

const EXAMPLES = examplesOf(2, [1, 2, 3, 4, 5, 6, 7, 8], [3, 2, 1, 0]);

it("loads rows in the given order", () => {
  const batch = new Batch(2);
  batch.load(EXAMPLES, Uint32Array.of(3, 0, 3));
  assert.deepEqual([...batch.inputs], [7, 8, 1, 2, 7, 8]);
  assert.deepEqual([...batch.labels], [0, 3, 0]);
});

it("reuses its memory for every batch, and its views for batches of the same size", () => {
  const batch = new Batch(2);
  batch.load(EXAMPLES, Uint32Array.of(0, 1, 2));
  const { inputs, labels } = batch;
  batch.load(EXAMPLES, Uint32Array.of(1, 2, 3));
  assert.equal(batch.inputs, inputs);
  assert.equal(batch.labels, labels);
  batch.load(EXAMPLES, Uint32Array.of(2));
  assert.equal(batch.inputs.buffer, inputs.buffer);
  assert.deepEqual([...batch.inputs], [5, 6]);
});

it("refuses a row outside the examples and keeps the batch before it", () => {
  const batch = new Batch(2);
  batch.load(EXAMPLES, Uint32Array.of(1));
  assert.throws(() => batch.load(EXAMPLES, Uint32Array.of(0, 4)), RangeError);
  assert.deepEqual([...batch.inputs], [3, 4]);
});
