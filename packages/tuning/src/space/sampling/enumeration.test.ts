import assert from "node:assert/strict";
import { test } from "node:test";
import { createRandom } from "../../random/random.js";
import type { LinearConstraint } from "../constraint/linear-constraint.js";
import { constraintsOf } from "../constraint/parse.js";
import type { SearchSpace } from "../parameter.js";
import { valuesKey } from "../values-key.js";
import { everyValue, pointsOf, spaceSize } from "./enumeration.js";
import { sampleValues } from "./sampling.js";

const FINITE: SearchSpace = {
  units: { type: "integer", min: 10, max: 30, scale: "linear", step: 10 },
  kind: { type: "categorical", values: ["a", "b"] },
  fixed: { type: "double", min: 0.5, max: 0.5, scale: "linear" },
  on: { type: "boolean" },
};

test("lists every point of a finite space once, the last parameter fastest", () => {
  assert.equal(spaceSize(FINITE), 12);
  const points = listed(FINITE);
  assert.equal(new Set(points.map((values) => valuesKey(FINITE, values))).size, 12);
  assert.equal(points.length, 12);
  assert.deepEqual(
    points.slice(0, 2).map(({ on }) => on),
    [false, true],
  );
  assert.deepEqual(points[11], { units: 30, kind: "b", fixed: 0.5, on: true });
});

test("counts one point in an empty space and infinitely many with a continuous double", () => {
  assert.equal(spaceSize({}), 1);
  assert.deepEqual(listed({}), [{}]);
  assert.equal(spaceSize({ ...FINITE, rate: { type: "double", min: 0, max: 1, scale: "linear" } }), Infinity);
});

test("lists points that differ only in inactive parameters once, without those parameters", () => {
  const space: SearchSpace = {
    second: { type: "integer", min: 1, max: 2, scale: "linear", step: 1, when: { layers: [2, 3] } },
    layers: { type: "integer", min: 1, max: 3, scale: "linear", step: 1 },
    third: { type: "boolean", when: { layers: [3], second: [2] } },
  };
  assert.deepEqual(listed(space), [
    { layers: 1 },
    { second: 1, layers: 2 },
    { second: 2, layers: 2 },
    { second: 1, layers: 3 },
    { second: 2, layers: 3, third: false },
    { second: 2, layers: 3, third: true },
  ]);
});

test("lists the points that fulfil constraints without visiting all others", () => {
  const space: SearchSpace = Object.fromEntries(
    [..."abcdefghij"].map((name) => [name, { type: "integer", min: 0, max: 99, scale: "linear", step: 1 }]),
  );
  // 10^20 points, of which 11 have a sum of at most 1.
  const constraints = constraintsOf(["a + b + c + d + e + f + g + h + i + j <= 1"]);
  assert.equal(listed(space, constraints).length, 11);
});

test("samples points of the space, the same for the same seed", () => {
  const all = new Set(listed(FINITE).map((values) => valuesKey(FINITE, values)));
  const seen = new Set<string>();
  const random = createRandom(1);
  for (let i = 0; i < 300; i++) seen.add(valuesKey(FINITE, sampleValues(FINITE, random)));
  assert.deepEqual([...seen].sort(), [...all].sort());
  assert.deepEqual(sampleValues(FINITE, createRandom(5)), sampleValues(FINITE, createRandom(5)));
});

test("returns the same key for equal values and different keys for different values", () => {
  const values = { units: 10, kind: "a", fixed: 0.5, on: false };
  assert.equal(valuesKey(FINITE, values), valuesKey(FINITE, { on: false, fixed: 0.5, kind: "a", units: 10 }));
  assert.notEqual(valuesKey(FINITE, values), valuesKey(FINITE, { ...values, units: 20 }));
  const pair: SearchSpace = { a: { type: "categorical", values: ["1", "x"] }, b: { type: "boolean" } };
  assert.notEqual(valuesKey(pair, { a: "1", b: true }), valuesKey(pair, { a: "x", b: true }));
});

function listed(space: SearchSpace, constraints: readonly LinearConstraint[] = []) {
  return [...pointsOf({ space, constraints }, everyValue(space))];
}
