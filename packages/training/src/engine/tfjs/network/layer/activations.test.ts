import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { erf } from "@sintonia/tuning/numeric/distribution/error-function";
import type { Activation } from "@sintonia/tuning/plan/training-plan";
import * as tf from "@tensorflow/tfjs";
import { activate, activationGradient } from "./activations.js";

/**
 * A few roundings of float32 at values up to 8, and tfjs' error function, which is right to
 * 1.5e-7.
 */
const TOLERANCE = 2e-6;
const POINTS = [-8, -3, -1.5, -0.7, -0.1, 0.1, 0.7, 1.5, 3, 8];
/** Leaves an error of the third derivative times 1e-11. */
const H = 1e-5;

/** Keras' definitions, in float64. */
const DEFINITIONS: Readonly<Record<Exclude<Activation, "softmax">, (z: number) => number>> = {
  linear: (z) => z,
  relu: (z) => Math.max(z, 0),
  leaky_relu: (z) => (z > 0 ? z : 0.2 * z),
  elu: (z) => (z > 0 ? z : Math.expm1(z)),
  selu: (z) => 1.05070098 * (z > 0 ? z : 1.67326324 * Math.expm1(z)),
  gelu: (z) => (z * (1 + erf(z / Math.SQRT2))) / 2,
  sigmoid: (z) => 1 / (1 + Math.exp(-z)),
  tanh: Math.tanh,
  silu: (z) => z / (1 + Math.exp(-z)),
};

tf.enableProdMode();
await tf.setBackend("cpu");

for (const [activation, f] of Object.entries(DEFINITIONS) as [keyof typeof DEFINITIONS, (z: number) => number][]) {
  describe(activation, () => {
    it("computes Keras' function", () => {
      assertClose(outputsOf(activation, [POINTS]), POINTS.map(f));
    });

    it("multiplies gradients by its derivative", () => {
      const derivative = POINTS.map((z) => (f(z + H) - f(z - H)) / (2 * H));
      assertClose(gradientsOf(activation, [POINTS], [POINTS.map(() => 1)]), derivative);
      assertClose(
        gradientsOf(activation, [POINTS], [POINTS.map((_, index) => index)]),
        derivative.map((slope, index) => slope * index),
      );
    });
  });
}

it("uses TensorFlow's slopes at the corners", () => {
  const slopes = { relu: 0, leaky_relu: 0.2, elu: 1, selu: 1.05070098 };
  for (const [activation, slope] of Object.entries(slopes) as [keyof typeof slopes, number][]) {
    assertClose(gradientsOf(activation, [[0]], [[1]]), [slope]);
  }
});

describe("softmax", () => {
  const sums = [0.3, -1.2, 2, 0.5];

  it("normalizes exponentials without overflow", () => {
    assertClose(outputsOf("softmax", [sums]), softmax(sums));
    assertClose(outputsOf("softmax", [sums.map((z) => z + 1000)]), softmax(sums), 1e-4);
  });

  it("computes gradients through all classes", () => {
    const delta = [0.2, -0.4, 1, 0.1];
    const lossAt = (place: number, change: number): number => {
      const outputs = softmax(sums.map((z, index) => (index === place ? z + change : z)));
      return outputs.reduce((sum, output, index) => sum + output * (delta[index] as number), 0);
    };
    const expected = sums.map((_, place) => (lossAt(place, H) - lossAt(place, -H)) / (2 * H));
    assertClose(gradientsOf("softmax", [sums, sums], [delta, delta]), [...expected, ...expected]);
  });
});

function outputsOf(activation: Activation, sums: number[][]): number[] {
  return Array.from(tf.tidy(() => activate(tf, activation, tf.tensor2d(sums))).dataSync());
}

function gradientsOf(activation: Activation, rows: number[][], deltas: number[][]): number[] {
  const gradient = tf.tidy(() => {
    const [sums, delta] = [tf.tensor2d(rows), tf.tensor2d(deltas)];
    return activationGradient(tf, activation, { inputs: sums, outputs: activate(tf, activation, sums), delta });
  });
  return Array.from(gradient.dataSync());
}

function softmax(sums: readonly number[]): number[] {
  const exponentials = sums.map(Math.exp);
  const total = exponentials.reduce((sum, value) => sum + value, 0);
  return exponentials.map((value) => value / total);
}

function assertClose(actual: readonly number[], expected: readonly number[], tolerance = TOLERANCE): void {
  assert.equal(actual.length, expected.length);
  for (const [index, value] of expected.entries()) {
    const limit = tolerance * Math.max(1, Math.abs(value));
    assert.ok(
      Math.abs((actual[index] as number) - value) <= limit,
      `value ${index}: ${actual[index]}, expected ${value}`,
    );
  }
}
