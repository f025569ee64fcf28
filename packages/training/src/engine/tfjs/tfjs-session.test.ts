import assert from "node:assert/strict";
import { it } from "node:test";
import * as tf from "@tensorflow/tfjs";
import { planOf, rowsOf, seededExamples, seededWeights, startOf } from "../problem.fixture.js";
import { startEngine } from "../start.js";

it("leaves no tensor behind, neither in a step nor after dispose", async () => {
  const engine = await startEngine("tfjs");
  const before = tf.memory().numTensors;
  const examples = seededExamples({ count: 23, features: 6, classes: 3 });
  const session = await engine.open(planOf([5, 4, 3]), startOf(seededWeights([6, 5, 4, 3])));
  const counts = new Set<number>();
  for (let step = 0; step < 12; step++) {
    await session.trainBatch(examples, rowsOf(23, 8, step % 3), 0.01);
    await session.evaluate(examples, 8);
    await session.readWeights();
    counts.add(tf.memory().numTensors);
  }
  assert.equal(counts.size, 1, `tensors after each step: ${[...counts].join(", ")}`);
  await session.dispose();
  assert.equal(tf.memory().numTensors, before);
});

it("leaves no tensor behind when a step fails", async () => {
  const engine = await startEngine("tfjs");
  const examples = seededExamples({ count: 4, features: 6, classes: 3 });
  const session = await engine.open(planOf([3]), startOf(seededWeights([6, 3])));
  await session.trainBatch(examples, Uint32Array.of(0), 0.01);
  const before = tf.memory().numTensors;
  await assert.rejects(session.trainBatch(examples, Uint32Array.of(9), 0.01), RangeError);
  assert.equal(tf.memory().numTensors, before);
  await session.dispose();
});
