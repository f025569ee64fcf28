import assert from "node:assert/strict";
import { it } from "node:test";
import { examplesOf, valuesOf } from "../contract/problem.fixture.js";
import { Batch, consecutiveRows } from "./batch.js";

const EXAMPLES = examplesOf(2, [1, 2, 3, 4, 5, 6, 7, 8], [3, 2, 1, 0]);
const WEIGHTED = { ...valuesOf(2, [1, 2, 3, 4, 5, 6], [9, 8, 7, 6, 5, 4]), weights: Float32Array.of(1, 0.5, 1.5) };

it("loads rows in the given order", () => {
  const batch = new Batch();
  batch.load(EXAMPLES, Uint32Array.of(3, 0, 3));
  assert.deepEqual([...batch.values.inputs], [7, 8, 1, 2, 7, 8]);
  assert.deepEqual(batch.values.targets, Int32Array.of(0, 3, 0));
});

it("loads several target values and the weight of each row", () => {
  const batch = new Batch();
  batch.load(WEIGHTED, Uint32Array.of(2, 1));
  assert.deepEqual(batch.values.targets, Float32Array.of(5, 4, 7, 6));
  assert.deepEqual(batch.values.weights, Float32Array.of(1.5, 0.5));
});

it("returns consecutive rows", () => {
  const rows = consecutiveRows(WEIGHTED, [1, 3]);
  assert.deepEqual([...rows.inputs], [3, 4, 5, 6]);
  assert.deepEqual(rows.targets, Float32Array.of(7, 6, 5, 4));
  assert.deepEqual(rows.weights, Float32Array.of(0.5, 1.5));
  assert.deepEqual(consecutiveRows(EXAMPLES, [2, 4]).targets, Int32Array.of(1, 0));
});

it("reuses its memory for every batch, and its views for batches of the same size", () => {
  const batch = new Batch();
  batch.load(EXAMPLES, Uint32Array.of(0, 1, 2));
  const { values } = batch;
  batch.load(EXAMPLES, Uint32Array.of(1, 2, 3));
  assert.equal(batch.values, values);
  batch.load(EXAMPLES, Uint32Array.of(2));
  assert.equal(batch.values.inputs.buffer, values.inputs.buffer);
  assert.deepEqual([...batch.values.inputs], [5, 6]);
});

it("refuses a row outside the examples and keeps the batch before it", () => {
  const batch = new Batch();
  batch.load(EXAMPLES, Uint32Array.of(1));
  assert.throws(() => batch.load(EXAMPLES, Uint32Array.of(0, 4)), RangeError);
  assert.deepEqual([...batch.values.inputs], [3, 4]);
});
