import assert from "node:assert/strict";
import { test } from "node:test";
import { fillDropoutMask } from "./dropout-mask.js";

const COUNT = 100_000;

function maskOf(rate: number, place = { seed: 1, layer: 1, step: 0 }): Float32Array {
  const mask = new Float32Array(COUNT);
  fillDropoutMask(mask, rate, place);
  return mask;
}

test("drops a share of `rate` and has mean one", () => {
  for (const rate of [0.1, 0.5, 0.8]) {
    const mask = maskOf(rate);
    const dropped = mask.filter((value) => value === 0).length / COUNT;
    // Five standard errors of a share of COUNT draws.
    assert.ok(Math.abs(dropped - rate) < 5 * Math.sqrt((rate * (1 - rate)) / COUNT), `${dropped} for ${rate}`);
    assert.ok(mask.every((value) => value === 0 || value === Math.fround(1 / (1 - rate))));
  }
  assert.ok(maskOf(0).every((value) => value === 1));
});

test("gives a mask that is a function of seed, layer and step", () => {
  const places = [
    { seed: 1, layer: 1, step: 0 },
    { seed: 2, layer: 1, step: 0 },
    { seed: 1, layer: 3, step: 0 },
    { seed: 1, layer: 1, step: 1 },
  ];
  assert.equal(new Set(places.map((place) => maskOf(0.5, place).subarray(0, 64).join())).size, places.length);
  assert.deepEqual(maskOf(0.5), maskOf(0.5));
});
