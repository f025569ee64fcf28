import assert from "node:assert/strict";
import { test } from "node:test";
import type { DenseLayer, Layer, TrainingPlan } from "@sintonia/tuning/plan/training-plan";
import { denseLayer } from "../engine/contract/problem.fixture.js";
import type { ModelWeights } from "../model/tensor.js";
import { initialWeights } from "./initial-weights.js";

function layer(units: number, change: Partial<DenseLayer> = {}): DenseLayer {
  return { ...denseLayer(units, "relu"), ...change };
}

function weights(layers: readonly Layer[], seed = 7): ModelWeights {
  const plan = { model: { layers } } as unknown as TrainingPlan;
  return initialWeights(plan, 6, seed);
}

function valuesOf(tensors: ModelWeights, name: string): Float32Array | undefined {
  return tensors.find((tensor) => tensor.name === name)?.values;
}

test("shapes each kernel by the layer before it and leaves Keras' biases at zero", () => {
  const tensors = weights([layer(5), layer(4), layer(3)]);
  const kernels = tensors.filter(({ name }) => name.endsWith("kernel"));
  assert.deepEqual(
    kernels.map(({ shape, values }) => [...shape, values.length]),
    [
      [6, 5, 30],
      [5, 4, 20],
      [4, 3, 12],
    ],
  );
  assert.deepEqual(valuesOf(weights([layer(2)]), "dense/bias"), Float32Array.of(0, 0));
});

test("names tensors as Keras does and starts a batch normalization as the identity", () => {
  const normalization = {
    type: "BatchNormalization",
    momentum: 0.9,
    epsilon: 1e-3,
    center: true,
    scale: true,
  } as const;
  const tensors = weights([layer(2, { useBias: false }), normalization, { type: "Dropout", rate: 0.5 }, layer(3)]);
  assert.deepEqual(
    tensors.map(({ name, shape }) => `${name} ${shape.join("x")}`),
    [
      "dense/kernel 6x2",
      "batch_normalization/gamma 2",
      "batch_normalization/beta 2",
      "batch_normalization/moving_mean 2",
      "batch_normalization/moving_variance 2",
      "dense_1/kernel 2x3",
      "dense_1/bias 3",
    ],
  );
  assert.deepEqual(
    tensors.slice(1, 5).map(({ values }) => values[0]),
    [1, 0, 0, 1],
  );
});

test("gives the same weights for the same seed, and other weights for another seed", () => {
  assert.deepEqual(weights([layer(5), layer(3)]), weights([layer(5), layer(3)]));
  assert.notDeepEqual(weights([layer(5)], 7), weights([layer(5)], 8));
});

test("does not change a layer's weights when a layer is added after it or its neighbour draws differently", () => {
  const alone = weights([layer(5)]);
  assert.deepEqual(weights([layer(5), layer(4), layer(3)]).slice(0, 2), alone);
  const other = layer(5, { kernelInitializer: { type: "TruncatedNormal", mean: 0, stddev: 1 } });
  assert.deepEqual(weights([other, layer(4)]).slice(2), weights([layer(5), layer(4)]).slice(2));
});

test("draws kernels and biases of all layers from different streams", () => {
  const same = { type: "RandomNormal", mean: 0, stddev: 1 } as const;
  const square = layer(6, { kernelInitializer: same, biasInitializer: same });
  const tensors = weights([square, square]);
  const firstValues = tensors.map(({ values }) => values.slice(0, 6).join());
  assert.equal(new Set(firstValues).size, 4);
});

test("limits a bias by Keras' fans of a vector", () => {
  const tensors = weights([layer(600, { biasInitializer: { type: "GlorotUniform" } })]);
  const bias = valuesOf(tensors, "dense/bias") as Float32Array;
  const limit = Math.sqrt(6 / 1200);
  assert.ok(bias.every((value) => Math.abs(value) <= limit * (1 + 1e-6)));
  assert.ok(bias.some((value) => Math.abs(value) > 0.98 * limit));
});
