import assert from "node:assert/strict";
import { test } from "node:test";
import { createRandom } from "../random/random.js";
import { spaceSize, valuesAtIndex } from "./enumeration.js";
import type { SearchSpace } from "./parameter.js";
import { sampleValues } from "./sampling.js";
import { valuesKey } from "./values-key.js";

const FINITE: SearchSpace = {
  units: { type: "integer", min: 10, max: 30, scale: "linear", step: 10 },
  kind: { type: "categorical", values: ["a", "b"] },
  fixed: { type: "double", min: 0.5, max: 0.5, scale: "linear" },
  on: { type: "boolean" },
};

test("lists every point of a finite space once", () => {
  assert.equal(spaceSize(FINITE), 12);
  const keys = Array.from({ length: 12 }, (_, i) => valuesKey(FINITE, valuesAtIndex(FINITE, i)));
  assert.equal(new Set(keys).size, 12);
});

test("counts one point in an empty space and infinitely many where a double is free", () => {
  assert.equal(spaceSize({}), 1);
  assert.deepEqual(valuesAtIndex({}, 0), {});
  assert.equal(spaceSize({ ...FINITE, rate: { type: "double", min: 0, max: 1, scale: "linear" } }), Infinity);
});

test("samples points of the space, the same for the same seed", () => {
  const all = new Set(Array.from({ length: 12 }, (_, i) => valuesKey(FINITE, valuesAtIndex(FINITE, i))));
  const seen = new Set<string>();
  const random = createRandom(1);
  for (let i = 0; i < 300; i++) seen.add(valuesKey(FINITE, sampleValues(FINITE, random)));
  assert.deepEqual([...seen].sort(), [...all].sort());
  assert.deepEqual(sampleValues(FINITE, createRandom(5)), sampleValues(FINITE, createRandom(5)));
});

test("gives equal values one key and different values different keys", () => {
  const values = { units: 10, kind: "a", fixed: 0.5, on: false };
  assert.equal(valuesKey(FINITE, values), valuesKey(FINITE, { on: false, fixed: 0.5, kind: "a", units: 10 }));
  assert.notEqual(valuesKey(FINITE, values), valuesKey(FINITE, { ...values, units: 20 }));
  const pair: SearchSpace = { a: { type: "categorical", values: ["1", "x"] }, b: { type: "boolean" } };
  assert.notEqual(valuesKey(pair, { a: "1", b: true }), valuesKey(pair, { a: "x", b: true }));
});
