import assert from "node:assert/strict";
import { it } from "node:test";
import { ReferenceTraining } from "../reference/reference-training.fixture.js";
import { assertClose, disposable } from "./assertions.fixture.js";
import { describeEngines } from "./engines.fixture.js";
import { FEATURE_INPUTS, FEATURES, type Feature } from "./features.fixture.js";
import {
  denseLayer,
  denseWeights,
  examplesOf,
  planOf,
  seededExamples,
  seededTensors,
  seededWeights,
  startOf,
} from "./problem.fixture.js";

await describeEngines((engine) => {
  it("evaluates independently of the batch size", async () => {
    const examples = seededExamples({ count: 23, features: 6, classes: 3 });
    await using session = disposable(await engine.open(planOf([5, 3]), startOf(seededWeights([6, 5, 3]))));
    const whole = await session.evaluate(examples, 1000);
    const parts = await session.evaluate(examples, 10);
    assertClose(parts.loss, whole.loss, 1e-6);
    assert.deepEqual({ ...parts, loss: 0 }, { ...whole, loss: 0 });
  });

  it("evaluates in inference: with moving averages, without dropout, with penalties once", async () => {
    const { plan, examples } = FEATURES.find(({ name }) => name === "nearly everything together") as Feature;
    const weights = seededTensors(plan.model.layers, FEATURE_INPUTS);
    const expected = new ReferenceTraining(plan, weights).evaluate(examples);
    await using session = disposable(await engine.open(plan, startOf(weights)));
    for (const batchSize of [5, 25, 1]) {
      const { loss, correct } = await session.evaluate(examples, batchSize);
      assertClose(loss, expected.loss, 1e-6);
      assert.equal(correct, expected.correct);
    }
  });

  for (const name of [
    "nearly everything together",
    "two classes of one sigmoid unit",
    "squared errors of three values",
  ]) {
    it(`predicts the outputs of all examples in inference: ${name}`, async () => {
      const { plan, examples } = FEATURES.find((feature) => feature.name === name) as Feature;
      const weights = seededTensors(plan.model.layers, FEATURE_INPUTS);
      const expected = new ReferenceTraining(plan, weights).predict(examples);
      await using session = disposable(await engine.open(plan, startOf(weights)));
      for (const batchSize of [4, 1000]) {
        const outputs = await session.predict(examples, batchSize);
        assert.equal(outputs.length, expected.length);
        // Float32 sums of up to nine numbers below 2.
        for (const [index, value] of expected.entries()) {
          const found = outputs[index] as number;
          assert.ok(Math.abs(found - value) <= 2e-6, `output ${index}: ${found}, expected ${value}`);
        }
      }
    });
  }

  it("measures examples of one form after those of another", async () => {
    const plan = planOf([3]);
    const weights = seededWeights([6, 3]);
    const examples = seededExamples({ count: 7, features: 6, classes: 3 });
    const heavy = { ...examples, weights: new Float32Array(7).fill(2) };
    await using session = disposable(await engine.open(plan, startOf(weights)));
    const { loss } = await session.evaluate(examples, 7);
    assertClose((await session.evaluate(heavy, 7)).loss, 2 * loss, 1e-6);
    assert.equal((await session.evaluate(examples, 7)).loss, loss);
  });

  it("counts class 1 of one output only above one half", async () => {
    const plan = planOf([1]);
    const loss = { type: "binary_crossentropy", labelSmoothing: 0 } as const;
    const binary = { ...plan, model: { layers: [denseLayer(1, "sigmoid")] }, training: { ...plan.training, loss } };
    const weights = denseWeights(0, { inputs: 1, kernel: Float32Array.of(1), bias: Float32Array.of(0) });
    await using session = disposable(await engine.open(binary, startOf(weights)));
    const examples = examplesOf(1, [-1, 0, 0, 1, 1], [0, 0, 1, 1, 0]);
    assert.equal((await session.evaluate(examples, 5)).correct, 3);
  });

  it("counts the first of equal outputs", async () => {
    const weights = denseWeights(0, { inputs: 1, kernel: new Float32Array(3), bias: new Float32Array(3) });
    await using session = disposable(await engine.open(planOf([3]), startOf(weights)));
    const examples = examplesOf(1, [1, 1, 1, 1], [0, 1, 2, 0]);
    assert.equal((await session.evaluate(examples, 4)).correct, 2);
    assert.equal((await session.trainBatch(examples, Uint32Array.of(1, 2, 3), 0.1)).correct, 1);
  });

  it("does not clip the loss of a confident error", async () => {
    const weights = denseWeights(0, { inputs: 1, kernel: Float32Array.of(100, 0), bias: new Float32Array(2) });
    await using session = disposable(await engine.open(planOf([2]), startOf(weights)));
    assert.equal((await session.evaluate(examplesOf(1, [1], [1]), 1)).loss, 100);
  });

  it("does not clip the binary loss of a confident error", async () => {
    const plan = planOf([2]);
    const loss = { type: "binary_crossentropy", labelSmoothing: 0 } as const;
    const binary = { ...plan, model: { layers: [denseLayer(2, "sigmoid")] }, training: { ...plan.training, loss } };
    const weights = denseWeights(0, { inputs: 1, kernel: Float32Array.of(100, -60), bias: new Float32Array(2) });
    await using session = disposable(await engine.open(binary, startOf(weights)));
    // Class 1 where the outputs say 0: log(1 + e^100) and log(1 + e^60), averaged.
    assert.equal((await session.evaluate(examplesOf(1, [1], [1]), 1)).loss, 80);
  });
});
