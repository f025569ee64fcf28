import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { OptimizerPlan } from "@sintonia/tuning/plan/training-plan";
import * as tf from "@tensorflow/tfjs";
import { type NamedTensors, type Tensor, tensorNamed } from "../tensorflow/tensorflow.js";
import { clipped } from "./clipping.js";
import type { Trained } from "./optimizer.js";
import { createOptimizer } from "./optimizers.js";

// Two tensors, [1, -0.5] and [0.25], after four steps of Keras 3.15.1 on TensorFlow 2.21 with
// these gradients.
const GRADIENTS = [
  { a: [0.1, -0.2], b: [0.3] },
  { a: [0.6, 0.8], b: [-0.4] },
  { a: [0, -0.1], b: [0.2] },
  { a: [0.3, 0], b: [0.9] },
];
/** Rounding of float32 in four steps. */
const TOLERANCE = 3e-7;

const sgd = { type: "sgd", learningRate: 0.1, momentum: 0, nesterov: false } as const;
const rmsprop = {
  type: "rmsprop",
  learningRate: 0.01,
  rho: 0.9,
  momentum: 0,
  epsilon: 1e-7,
  centered: false,
} as const;
const adam = { type: "adam", learningRate: 0.01, beta1: 0.9, beta2: 0.999, epsilon: 1e-7 } as const;

const RECORDED: readonly (readonly [string, OptimizerPlan & { learningRate: number }, readonly number[]])[] = [
  ["sgd", sgd, [0.8999999761581421, -0.550000011920929, 0.15000000596046448]],
  ["sgd with momentum", { ...sgd, momentum: 0.9 }, [0.7730100154876709, -0.6290200352668762, 0.1272299885749817]],
  [
    "sgd with Nesterov's momentum",
    { ...sgd, momentum: 0.9, nesterov: true },
    [0.6957089900970459, -0.6661180257797241, 0.039507001638412476],
  ],
  ["rmsprop", rmsprop, [0.9219313859939575, -0.49512553215026855, 0.20377397537231445]],
  [
    "centered rmsprop with momentum",
    { ...rmsprop, rho: 0.8, momentum: 0.5, epsilon: 1e-3, centered: true },
    [0.9046747088432312, -0.49233102798461914, 0.2008446604013443],
  ],
  [
    "adam",
    { ...adam, beta1: 0.8, beta2: 0.99, epsilon: 1e-3 },
    [0.9688008427619934, -0.5026304125785828, 0.23575429618358612],
  ],
  [
    "adamw",
    { ...adam, type: "adamw", weightDecay: 0.1 },
    [0.9637283682823181, -0.500024139881134, 0.23457655310630798],
  ],
  [
    "clipping of each tensor's norm",
    { ...sgd, clipNorm: 0.5 },
    [0.9300000667572021, -0.5099999904632568, 0.1899999976158142],
  ],
  [
    "clipping of the norm of all",
    { ...sgd, globalClipNorm: 0.5 },
    [0.9463343024253845, -0.5071390867233276, 0.17113536596298218],
  ],
];

tf.enableProdMode();
await tf.setBackend("cpu");

describe("gives the weights of Keras", () => {
  for (const [what, plan, expected] of RECORDED) {
    it(`with ${what}`, () => {
      const actual = tf.tidy(() => fourSteps(plan));
      for (const [index, value] of expected.entries()) {
        const weight = actual[index] as number;
        assert.ok(Math.abs(weight - value) <= TOLERANCE, `weight ${index}: ${weight}, expected ${value}`);
      }
    });
  }
});

it("applies a decay that is far below 1 without loss of precision", () => {
  const plan = { ...adam, type: "adamw", learningRate: 1e-3, weightDecay: 1e-3 } as const;
  const { update } = createOptimizer(tf, plan);
  // float32 numbers near this weight are a seventh of the decay apart, and 1 - 1e-6 times it is
  // off by 1.4 %.
  const before = { weight: tf.tensor1d([2 ** 20]), slots: [tf.zeros([1]), tf.zeros([1])] };
  const { weight } = update({ number: 1, learningRate: 1e-3 })(before, tf.zeros([1]));
  assert.equal(weight.dataSync()[0], Math.fround(2 ** 20 - 2 ** 20 * 1e-6));
});

it("makes every gradient NaN if their common norm is infinite, as TensorFlow does", () => {
  const gradients = { a: tf.tensor1d([Number.POSITIVE_INFINITY, 1]), b: tf.tensor1d([1]) };
  const { a, b } = clipped(tf, gradients, { globalClipNorm: 1 });
  assert.deepEqual([...(a as Tensor).dataSync(), ...(b as Tensor).dataSync()], [Number.NaN, Number.NaN, Number.NaN]);
});

it("does not change the bits of gradients within the norm", () => {
  const values = [0.1, 0.2];
  for (const limits of [{ clipNorm: 0.3 }, { globalClipNorm: 0.3 }]) {
    const { a } = clipped(tf, { a: tf.tensor1d(values) }, limits);
    assert.deepEqual(Array.from((a as Tensor).dataSync()), values.map(Math.fround));
  }
});

function fourSteps(plan: OptimizerPlan & { readonly learningRate: number }): number[] {
  const optimizer = createOptimizer(tf, plan);
  const fresh = (weight: Tensor): Trained => ({ weight, slots: optimizer.slots.map(() => tf.zerosLike(weight)) });
  const trained = { a: fresh(tf.tensor1d([1, -0.5])), b: fresh(tf.tensor1d([0.25])) };
  for (const [index, { a, b }] of GRADIENTS.entries()) {
    const gradients: NamedTensors = clipped(tf, { a: tf.tensor1d(a), b: tf.tensor1d(b) }, plan);
    const update = optimizer.update({ number: index + 1, learningRate: plan.learningRate });
    for (const name of ["a", "b"] as const) trained[name] = update(trained[name], tensorNamed(gradients, name));
  }
  return [...trained.a.weight.dataSync(), ...trained.b.weight.dataSync()];
}
