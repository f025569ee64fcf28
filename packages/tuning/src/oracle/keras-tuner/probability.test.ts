import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { ownValue } from "../../space/check/values.js";
import { isContinuous } from "../../space/discrete.js";
import { anyParameter } from "../../space/parameter.fixture.js";
import type { valueAt } from "../../space/unit-cube.js";
import { probabilityOf, valueAtProbability } from "./probability.js";

test("gives the bits of KerasTuner", () => {
  // Python: 0.5920633683537377 * (0.1 - 0.01) + 0.01
  assert.equal(
    valueAtProbability({ type: "double", min: 0.01, max: 0.1, scale: "linear" }, 0.5920633683537377),
    0.0632857031518364,
  );
});

test("counts reverse-log factors from the maximum down", () => {
  const parameter = { type: "integer", min: 1, max: 8, scale: "reverse-log", step: 1, factor: 2 } as const;
  // KerasTuner: max + min - min * factor^index.
  assert.deepEqual(
    [0, 0.3, 0.6, 1].map((p) => valueAtProbability(parameter, p)),
    [8, 7, 5, 1],
  );
  assert.equal(probabilityOf(parameter, 8), 0.125);
});

test("gives values of the parameter, and the same value after a round trip", () => {
  const holds = (parameter: Parameters<typeof valueAt>[0], p: number) => {
    const value = valueAtProbability(parameter, p);
    assert.equal(ownValue(parameter, value), value);
    if (!isContinuous(parameter)) assert.equal(valueAtProbability(parameter, probabilityOf(parameter, value)), value);
  };
  fc.assert(fc.property(anyParameter, fc.double({ min: 0, max: 1, noNaN: true }), holds), { numRuns: 2000, seed: 13 });
});
