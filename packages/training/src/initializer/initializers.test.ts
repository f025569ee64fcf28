import assert from "node:assert/strict";
import { test } from "node:test";
import type { Initializer } from "@sintonia/tuning/plan/training-plan";
import { createRandom } from "@sintonia/tuning/random/random";
import { assertShareBelow, moments } from "./distribution.fixture.js";
import { initialize } from "./initializers.js";

const COUNT = 784 * 800;

function draw(initializer: Initializer, shape: readonly number[] = [784, 800]): Float32Array {
  return initialize(initializer, shape, createRandom(1));
}

test("fills with constants", () => {
  assert.deepEqual(draw({ type: "Zeros" }, [3]), Float32Array.of(0, 0, 0));
  assert.deepEqual(draw({ type: "Ones" }, [3]), Float32Array.of(1, 1, 1));
  assert.deepEqual(draw({ type: "Constant", value: 0.1 }, [2]), Float32Array.of(0.1, 0.1));
});

test("fills the diagonal of a square or rectangular identity", () => {
  assert.deepEqual(draw({ type: "Identity", gain: 1 }, [2, 2]), Float32Array.of(1, 0, 0, 1));
  assert.deepEqual(draw({ type: "Identity", gain: 0.5 }, [2, 3]), Float32Array.of(0.5, 0, 0, 0, 0.5, 0));
  assert.deepEqual(draw({ type: "Identity", gain: -2 }, [3, 2]), Float32Array.of(-2, 0, 0, -2, 0, 0));
});

test("refuses an identity or orthogonal vector, as Keras does", () => {
  assert.throws(() => draw({ type: "Identity", gain: 1 }, [3]), RangeError);
  assert.throws(() => draw({ type: "Orthogonal", gain: 1 }, [3]), RangeError);
});

// Standard deviations that Keras 3.15 gave for shape (784, 800), and those of the definitions.
const DISTRIBUTIONS: { initializer: Initializer; keras: number; stddev: number; bound: number }[] = [
  { initializer: { type: "GlorotUniform" }, keras: 0.035486, stddev: 0.0355335, bound: 0.0615457 },
  { initializer: { type: "GlorotNormal" }, keras: 0.03556, stddev: 0.0355335, bound: 0.0807923 },
  { initializer: { type: "HeUniform" }, keras: 0.050441, stddev: 0.0505076, bound: 0.0874818 },
  { initializer: { type: "HeNormal" }, keras: 0.050545, stddev: 0.0505076, bound: 0.1148388 },
  { initializer: { type: "LecunUniform" }, keras: 0.035667, stddev: 0.0357143, bound: 0.061859 },
  { initializer: { type: "LecunNormal" }, keras: 0.035741, stddev: 0.0357143, bound: 0.0812034 },
  { initializer: { type: "RandomNormal", mean: 0, stddev: 0.05 }, keras: 0.050068, stddev: 0.05, bound: 0.3 },
  {
    initializer: { type: "RandomUniform", minval: -0.05, maxval: 0.05 },
    keras: 0.028829,
    stddev: 0.0288675,
    bound: 0.05,
  },
  { initializer: { type: "TruncatedNormal", mean: 0, stddev: 0.05 }, keras: 0.044014, stddev: 0.0439813, bound: 0.1 },
];

for (const { initializer, keras, stddev, bound } of DISTRIBUTIONS) {
  test(`draws ${initializer.type} with Keras' standard deviation and limits`, () => {
    const found = moments(draw(initializer));
    // Five relative standard errors of the standard deviation of this many values are at most
    // 0.0045 (normal: 1/sqrt(2n)).
    assert.ok(Math.abs(found.stddev / stddev - 1) < 0.0045, `stddev ${found.stddev}`);
    assert.ok(Math.abs(found.stddev / keras - 1) < 0.0063, `stddev ${found.stddev}, Keras ${keras}`);
    assert.ok(Math.abs(found.mean) < (5 * stddev) / Math.sqrt(COUNT), `mean ${found.mean}`);
    const limit = Math.fround(bound) * (1 + 1e-6);
    assert.ok(found.min >= -limit && found.max <= limit, `${found.min} to ${found.max}`);
    const reached = initializer.type === "RandomNormal" ? 0.2 : 0.999 * bound;
    assert.ok(found.min < -reached && found.max > reached, `${found.min} to ${found.max}`);
  });
}

test("shifts by mean and limits", () => {
  const normal = moments(draw({ type: "RandomNormal", mean: 3, stddev: 0.1 }));
  assert.ok(Math.abs(normal.mean - 3) < 0.001 && Math.abs(normal.stddev - 0.1) < 0.001);
  const truncated = moments(draw({ type: "TruncatedNormal", mean: -1, stddev: 0.1 }));
  assert.ok(Math.abs(truncated.mean + 1) < 0.001 && truncated.max <= Math.fround(-0.8));
  const uniform = moments(draw({ type: "RandomUniform", minval: 1, maxval: 2 }));
  assert.ok(uniform.min >= 1 && uniform.max <= 2 && Math.abs(uniform.mean - 1.5) < 0.002);
});

/** Shares of a standard normal distribution below z. */
const NORMAL_SHARES = [
  [-1.959964, 0.025],
  [-1, 0.158655],
  [0, 0.5],
  [0.67449, 0.75],
  [1.95, 0.974412],
] as const;

test("draws from a normal distribution", () => {
  const values = draw({ type: "RandomNormal", mean: 0, stddev: 1 });
  for (const [z, share] of NORMAL_SHARES) assertShareBelow(values, z, share);
});

test("draws from a truncated normal distribution", () => {
  const values = draw({ type: "TruncatedNormal", mean: 0, stddev: 1 });
  const [below, inside] = [0.0227501, 0.9544997];
  for (const [z, share] of NORMAL_SHARES) assertShareBelow(values, z, (share - below) / inside);
});

test("draws from a uniform distribution", () => {
  const values = draw({ type: "RandomUniform", minval: -1, maxval: 3 });
  for (const share of [0.01, 0.25, 0.5, 0.9]) assertShareBelow(values, -1 + 4 * share, share);
});
