import assert from "node:assert/strict";
import { test } from "node:test";
import type { TrainingPlan } from "@sintonia/tuning/plan/training-plan";
import { accuracies, type Epoch, plateau, reductions, run, stopping, waits } from "./callbacks.fixture.js";
import { applyCallbacks, startCallbacks } from "./callbacks.js";
import type { EpochMetrics } from "./metric.js";

test("follows Keras 3.15 step by step where single images improve", () => {
  const values = [0.97, 0.975, 0.9751, 0.9752, 0.9753, 0.9753, 0.9753, 0.9754, 0.9754, 0.9754, 0.9754, 0.9754, 0.9754];
  const trace = run([plateau(), stopping()], 0.00168, accuracies(values));
  const [start, first, second, third] = [0.00168, 0.000636216, 0.000240935, 9.124209e-5];
  const keras: [used: number, after: number, plateauWait: number, stoppingWait: number][] = [
    [start, start, 0, 0],
    [start, start, 0, 0],
    [start, start, 1, 0],
    [start, start, 0, 0],
    [start, start, 1, 0],
    [start, first, 0, 1],
    [first, first, 1, 2],
    [first, first, 0, 0],
    [first, first, 1, 1],
    [first, second, 0, 2],
    [second, second, 1, 3],
    [second, third, 0, 4],
  ];
  assert.equal(trace.length, keras.length);
  for (const [epoch, [used, after, ...expectedWaits]] of keras.entries()) {
    const found = trace[epoch] as Epoch;
    assert.ok(Math.abs(found.used / used - 1) < 1e-6, `used in epoch ${epoch}: ${found.used}`);
    assert.ok(
      Math.abs((found.after.learningRate as number) / after - 1) < 1e-6,
      `after epoch ${epoch}: ${found.after.learningRate}`,
    );
    assert.deepEqual(waits(found), expectedWaits, `waits after epoch ${epoch}`);
    assert.equal(found.after.stop, epoch === 11, `stop after epoch ${epoch}`);
  }
});

test("follows Keras 3.15 on a constant metric down to the lowest learning rate", () => {
  const trace = run([plateau(), stopping({ patience: 10 })], 1e-4, accuracies(Array(20).fill(0.9)));
  assert.deepEqual(reductions(trace), [2, 4, 6]);
  assert.equal(trace[2]?.after.learningRate, 3.786999877775088e-5);
  assert.equal(trace[4]?.after.learningRate, 1.434136811440112e-5);
  assert.equal(trace[6]?.after.learningRate, 9.999999747378752e-6);
  assert.deepEqual(
    trace.slice(7).map((epoch) => waits(epoch)[0]),
    [1, 2, 3, 4],
  );
  assert.equal(trace.length, 11);
  assert.equal(trace.at(-1)?.after.stop, true);
});

test("from an accuracy of one half, one more image of 10,000 is an improvement of 1e-5 but not of 1e-4", () => {
  for (let correct = 5_000; correct < 10_000; correct++) {
    const step = accuracies([correct / 10_000, (correct + 1) / 10_000]);
    const after = run([plateau(), stopping()], 1, step)[1] as Epoch;
    assert.deepEqual(waits(after), [1, 0], `from ${correct} images`);
  }
});

test("lets every callback see the epoch in which an earlier one stops", () => {
  const trace = run([stopping({ patience: 2 }), plateau({ patience: 2 })], 0.1, accuracies(Array(5).fill(0.5)));
  assert.equal(trace.length, 3);
  assert.ok(reductions(trace).length === 1);
});

test("stops if any callback stops", () => {
  assert.equal(
    run([stopping({ patience: 1 }), stopping({ patience: 3 })], 1, accuracies(Array(5).fill(0.5))).length,
    2,
  );
  assert.equal(
    run([stopping({ patience: 3 }), stopping({ patience: 1 })], 1, accuracies(Array(5).fill(0.5))).length,
    2,
  );
});

test("does not change a schedule, counts epochs, and has no state for TerminateOnNaN", () => {
  const schedule = { type: "ExponentialDecay", initialLearningRate: 1, decaySteps: 2, decayRate: 0.5, staircase: true };
  const plans = [{ type: "TerminateOnNaN" }, stopping()] as const;
  const training = { optimizer: { learningRate: schedule }, callbacks: plans } as unknown as TrainingPlan["training"];
  const start = startCallbacks(training);
  const after = applyCallbacks(plans, start, accuracies([0.5])[0] as EpochMetrics);
  assert.deepEqual([start.learningRate, after.learningRate], [schedule, schedule]);
  assert.deepEqual([start.epoch, after.epoch, after.callbacks[0]], [0, 1, null]);
});
