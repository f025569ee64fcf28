import assert from "node:assert/strict";
import { it } from "node:test";
import type { Activation, Layer, TrainingPlan } from "@sintonia/tuning/plan/training-plan";
import { ReferenceTraining } from "../reference/reference-training.fixture.js";
import { assertClose, assertSameTensors, disposable } from "./assertions.fixture.js";
import { describeEngines } from "./engines.fixture.js";
import {
  denseLayer,
  denseWeights,
  examplesOf,
  planOf,
  rowsOf,
  seededExamples,
  seededTensors,
  seededWeights,
  startOf,
} from "./problem.fixture.js";

/** Activations with a corner at 0. */
const CORNERS: readonly Activation[] = ["relu", "leaky_relu", "elu", "selu"];

await describeEngines((engine) => {
  it("reports NaN for an input that is NaN and in every later step", async () => {
    const examples = seededExamples({ count: 64, features: 20, classes: 10 });
    examples.inputs[20] = Number.NaN;
    await using session = disposable(await engine.open(planOf([64, 10]), startOf(seededWeights([20, 64, 10]))));
    assert.equal((await session.trainBatch(examples, rowsOf(64, 32, 0), 0.01)).lossSum, Number.NaN);
    assert.equal((await session.trainBatch(examples, rowsOf(64, 32, 1), 0.01)).lossSum, Number.NaN);
    assert.equal((await session.evaluate(examples, 32)).loss, Number.NaN);
  });

  it("trains a row as often as its index occurs", async () => {
    const plan = planOf([3]);
    const weights = seededWeights([6, 3]);
    const examples = seededExamples({ count: 4, features: 6, classes: 3 });
    const reference = new ReferenceTraining(plan, weights);
    await using session = disposable(await engine.open(plan, startOf(weights)));
    const rows = Uint32Array.of(3, 3, 0);
    const [actual, expected] = [await session.trainBatch(examples, rows, 0.1), reference.step(examples, rows, 0.1)];
    // One step, six terms a sum.
    assertClose(actual.lossSum, expected.lossSum, 1e-6);
  });

  it("copies weights in and out", async () => {
    const given = seededWeights([6, 3]);
    const before = structuredClone(given);
    const examples = seededExamples({ count: 4, features: 6, classes: 3 });
    await using session = disposable(await engine.open(planOf([3]), startOf(given)));
    const first = await session.readWeights();
    assert.deepEqual(first, before);
    for (let step = 0; step < 3; step++) await session.trainBatch(examples, Uint32Array.of(0, 1), 0.1);
    assert.deepEqual(given, before);
    assert.deepEqual(first, before);
    assert.notDeepEqual(await session.readWeights(), before);
  });

  it("draws different dropout masks for different seeds", async () => {
    const plan = withDropout(planOf([8, 3]));
    const weights = seededTensors(plan.model.layers, 6);
    const examples = seededExamples({ count: 8, features: 6, classes: 3 });
    const losses: number[] = [];
    for (const seed of [1, 2, 0xffffffff]) {
      await using session = disposable(await engine.open(plan, startOf(weights, seed)));
      losses.push((await session.trainBatch(examples, rowsOf(8, 8, 0), 0.01)).lossSum);
    }
    assert.equal(new Set(losses).size, 3);
  });

  it("moves the moving averages in each step but not in evaluation", async () => {
    const plan = withNormalization(planOf([3]));
    const weights = seededTensors(plan.model.layers, 1);
    const examples = examplesOf(1, [1, 3, 8], [0, 1, 2]);
    await using session = disposable(await engine.open(plan, startOf(weights)));
    await session.evaluate(examples, 2);
    assert.deepEqual(await session.readWeights(), weights);
    await session.trainBatch(examples, Uint32Array.of(0, 1), 0.01);
    const [mean, variance] = (await session.readWeights()).slice(2, 4).map(({ values }) => values[0]);
    // Batch mean 2 and population variance 1, under momentum 3/4.
    const [meanBefore, varianceBefore] = weights.slice(2, 4).map(({ values }) => values[0] as number);
    assertClose(mean, 0.75 * (meanBefore as number) + 0.25 * 2, 1e-6);
    assertClose(variance, 0.75 * (varianceBefore as number) + 0.25 * 1, 1e-6);
  });

  for (const activation of CORNERS) {
    it(`uses TensorFlow's slope of ${activation} at 0`, async () => {
      const plan = planOf([2, 3]);
      const model = { layers: [denseLayer(2, activation), denseLayer(3, "softmax")] };
      const sgd = { type: "sgd", learningRate: 0.1, momentum: 0, nesterov: false } as const;
      const cornered: TrainingPlan = { ...plan, model, training: { ...plan.training, optimizer: sgd } };
      const weights = seededWeights([6, 2, 3]);
      for (const { values } of weights.slice(0, 2)) values.fill(0);
      const examples = seededExamples({ count: 4, features: 6, classes: 3 });
      const reference = new ReferenceTraining(cornered, weights);
      await using session = disposable(await engine.open(cornered, startOf(weights)));
      await session.trainBatch(examples, rowsOf(4, 4, 0), 1);
      reference.step(examples, rowsOf(4, 4, 0), 1);
      // One step of numbers below 1.
      assertSameTensors(await session.readWeights(), reference.weights(), 1e-6);
    });
  }

  it("uses slope 0 for an absolute error of 0 and for a penalized weight of 0", async () => {
    const plan = planOf([2]);
    const layer = { ...denseLayer(2, "linear"), kernelRegularizer: { l1: 0.5, l2: 0.5 } };
    const loss = { type: "mean_absolute_error", labelSmoothing: 0 } as const;
    const optimizer = { type: "sgd", learningRate: 0.1, momentum: 0, nesterov: false } as const;
    const exact: TrainingPlan = {
      ...plan,
      model: { layers: [layer] },
      training: { ...plan.training, loss, optimizer },
    };
    const weights = denseWeights(0, { inputs: 1, kernel: Float32Array.of(0, 0), bias: Float32Array.of(1, 0) });
    await using session = disposable(await engine.open(exact, startOf(weights)));
    const sums = await session.trainBatch(examplesOf(1, [1, 2], [0, 0]), Uint32Array.of(0, 1), 0.1);
    assert.deepEqual(sums, { lossSum: 0, correct: 2, count: 2 });
    assert.deepEqual(await session.readWeights(), weights);
  });
});

function withDropout(plan: TrainingPlan): TrainingPlan {
  const [hidden, ...rest] = plan.model.layers as [Layer, ...Layer[]];
  return { ...plan, model: { layers: [hidden, { type: "Dropout", rate: 0.5 }, ...rest] } };
}

function withNormalization(plan: TrainingPlan): TrainingPlan {
  const layer = { type: "BatchNormalization", momentum: 0.75, epsilon: 1e-3, center: true, scale: true } as const;
  return { ...plan, model: { layers: [layer, ...plan.model.layers] } };
}
