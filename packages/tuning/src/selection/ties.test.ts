import assert from "node:assert/strict";
import { test } from "node:test";
import { createRandom } from "../random/random.js";
import { isTied } from "./ties.js";

/** Draws of two normal numbers of standard deviation 1, `distance` apart. */
function drawsOf(distance: number, correlation: number): Float64Array[] {
  const random = createRandom(5);
  return Array.from({ length: 20_000 }, () => {
    const first = random.normal();
    const second = correlation * first + Math.sqrt(1 - correlation ** 2) * random.normal();
    return Float64Array.of(first, second + distance);
  });
}

test("distinguishes independent normals from 1.96 standard deviations of their difference on", () => {
  // The share beyond 0 has a standard error of 0.11 % at 2.5 %, which moves the limit by 0.02
  // standard deviations.
  const limit = 1.96 * Math.SQRT2;
  for (const sign of [1, -1]) {
    assert.equal(isTied(drawsOf(sign * (limit - 0.1), 0), 0, 1), true);
    assert.equal(isTied(drawsOf(sign * (limit + 0.1), 0), 0, 1), false);
    assert.equal(isTied(drawsOf(sign * (limit + 0.1), 0), 1, 0), false);
  }
});

test("distinguishes correlated normals at smaller differences, perfectly correlated ones at any", () => {
  const limit = 1.96 * Math.sqrt(2 - 2 * 0.9);
  assert.equal(isTied(drawsOf(limit - 0.05, 0.9), 0, 1), true);
  assert.equal(isTied(drawsOf(limit + 0.05, 0.9), 0, 1), false);
  assert.equal(isTied(drawsOf(0.001, 1), 0, 1), false);
});

test("ties equal draws, infinite ones too", () => {
  assert.equal(isTied(drawsOf(0, 1), 0, 1), true);
  const infinite = Array.from({ length: 100 }, () => Float64Array.of(-Infinity, -Infinity));
  assert.equal(isTied(infinite, 0, 1), true);
});
