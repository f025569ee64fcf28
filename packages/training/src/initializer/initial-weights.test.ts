import assert from "node:assert/strict";
import { test } from "node:test";
import type { DenseLayer, TrainingPlan } from "@sintonia/tuning/plan/training-plan";
import type { DenseWeights } from "../engine/engine.js";
import { initialWeights } from "./initial-weights.js";

function layer(units: number, change: Partial<DenseLayer> = {}): DenseLayer {
  return {
    units,
    activation: "relu",
    kernelInitializer: { type: "GlorotUniform" },
    biasInitializer: { type: "Zeros" },
    ...change,
  };
}

function weights(layers: readonly DenseLayer[], seed = 7): DenseWeights[] {
  const plan = { model: { layers } } as unknown as TrainingPlan;
  return [...initialWeights(plan, 6, seed)];
}

test("shapes each kernel by the layer before it and leaves Keras' biases at zero", () => {
  const shapes = weights([layer(5), layer(4), layer(3)]).map((each) => [each.inputs, each.units, each.kernel.length]);
  assert.deepEqual(shapes, [
    [6, 5, 30],
    [5, 4, 20],
    [4, 3, 12],
  ]);
  assert.deepEqual(weights([layer(2)])[0]?.bias, Float32Array.of(0, 0));
});

test("gives the same weights for the same seed and others for another", () => {
  assert.deepEqual(weights([layer(5), layer(3)]), weights([layer(5), layer(3)]));
  assert.notDeepEqual(weights([layer(5)], 7), weights([layer(5)], 8));
});

test("does not change a layer's weights when a layer is added after it or its neighbour draws differently", () => {
  const alone = weights([layer(5)]);
  assert.deepEqual(weights([layer(5), layer(4), layer(3)])[0], alone[0]);
  const other = layer(5, { kernelInitializer: { type: "TruncatedNormal", mean: 0, stddev: 1 } });
  assert.deepEqual(weights([other, layer(4)])[1], weights([layer(5), layer(4)])[1]);
});

test("draws kernels and biases of all layers from different streams", () => {
  const same = { type: "RandomNormal", mean: 0, stddev: 1 } as const;
  const square = layer(6, { kernelInitializer: same, biasInitializer: same });
  const [first, second] = weights([square, square]) as [DenseWeights, DenseWeights];
  assert.notDeepEqual(first.kernel, second.kernel);
  assert.notDeepEqual(first.bias, second.bias);
  assert.notDeepEqual(first.kernel.subarray(0, 6), first.bias);
});

test("limits a bias by Keras' fans of a vector", () => {
  const bias = weights([layer(600, { biasInitializer: { type: "GlorotUniform" } })])[0]?.bias as Float32Array;
  const limit = Math.sqrt(6 / 1200);
  assert.ok(bias.every((value) => Math.abs(value) <= limit * (1 + 1e-6)));
  assert.ok(bias.some((value) => Math.abs(value) > 0.98 * limit));
});
