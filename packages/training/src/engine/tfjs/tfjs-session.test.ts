import assert from "node:assert/strict";
import { describe, it } from "node:test";
import * as tf from "@tensorflow/tfjs";
import type { Examples } from "../../dataset/examples.js";
import { ModelShapeError } from "../../model/model-shape.js";
import type { EngineSession } from "../contract/engine.js";
import { FEATURE_INPUTS, FEATURE_ROWS, FEATURES } from "../contract/features.fixture.js";
import { planOf, rowsOf, seededExamples, seededTensors, seededWeights, startOf } from "../contract/problem.fixture.js";
import { startEngine } from "../engines.js";

describe("a session leaks no tensor, neither in a step nor after dispose", async () => {
  const engine = await startEngine("tfjs");
  for (const { name, plan, examples } of FEATURES) {
    it(`with ${name}`, async () => {
      const start = startOf(seededTensors(plan.model.layers, FEATURE_INPUTS));
      await holdExamples(await engine.open(plan, start), examples);
      const before = tf.memory().numTensors;
      const session = await engine.open(plan, start);
      const counts = new Set<number>();
      for (let step = 0; step < 4; step++) {
        await session.trainBatch(examples, rowsOf(FEATURE_ROWS, 8, step % 4), 0.01);
        await session.evaluate(examples, 8);
        await session.predict(examples, 8);
        await session.readState();
        counts.add(tf.memory().numTensors);
      }
      assert.equal(counts.size, 1, `tensors after each step: ${[...counts].join(", ")}`);
      await session.dispose();
      assert.equal(tf.memory().numTensors, before);
    });
  }
});

it("leaks no tensor if a step fails", async () => {
  const engine = await startEngine("tfjs");
  const examples = seededExamples({ count: 4, features: 6, classes: 3 });
  const session = await engine.open(planOf([3]), startOf(seededWeights([6, 3])));
  await session.trainBatch(examples, Uint32Array.of(0), 0.01);
  const before = tf.memory().numTensors;
  await assert.rejects(session.trainBatch(examples, Uint32Array.of(9), 0.01), RangeError);
  assert.equal(tf.memory().numTensors, before);
  await session.dispose();
});

it("refuses slots of another optimizer and leaks no tensor", async () => {
  const engine = await startEngine("tfjs");
  const weights = seededWeights([6, 3]);
  const kernel = { name: "dense/kernel/momentum", shape: [6, 3], values: new Float32Array(18) };
  const before = tf.memory().numTensors;
  for (const slots of [[], [kernel]]) {
    await assert.rejects(engine.open(planOf([3]), { state: { steps: 1, weights, slots }, seed: 1 }), ModelShapeError);
  }
  assert.equal(tf.memory().numTensors, before);
});

it("computes with its own backend after another one was selected", async () => {
  const engine = await startEngine("tfjs");
  tf.registerBackend("another", () => new Another());
  const weights = seededWeights([6, 3]);
  const session = await engine.open(planOf([3]), startOf(weights));
  await tf.setBackend("another");
  const { count } = await session.evaluate(seededExamples({ count: 4, features: 6, classes: 3 }), 2);
  assert.deepEqual([count, tf.getBackend()], [4, "cpu"]);
  await session.dispose();
  tf.removeBackend("another");
});

/** Sends examples to the engine's device, where they stay. */
async function holdExamples(session: EngineSession, examples: Examples): Promise<void> {
  await session.evaluate(examples, FEATURE_ROWS);
  await session.dispose();
}

/** A backend that computes nothing. */
class Another extends tf.KernelBackend {
  override dispose(): void {}
}
