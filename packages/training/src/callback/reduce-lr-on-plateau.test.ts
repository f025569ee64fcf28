import assert from "node:assert/strict";
import { test } from "node:test";
import { accuracies, plateau, reductions, run, waits } from "./callbacks.fixture.js";

test("reduces by float32 steps, as the two published experiments do", () => {
  const rates = (learningRate: number, factor: number) =>
    run([plateau({ factor, patience: 1 })], learningRate, accuracies(Array(9).fill(0.5))).map((epoch) => epoch.used);
  assert.deepEqual(
    rates(0.00168, 0.3787),
    [
      0.0016799999866634607, 0.0016799999866634607, 0.0006362160202115774, 0.00024093501269817352, 9.124208736466244e-5,
      3.4553377190604806e-5, 1.3085364116705023e-5, 9.999999747378752e-6, 9.999999747378752e-6,
    ],
  );
  assert.deepEqual(
    rates(0.00015, 0.32).slice(0, 6),
    [
      0.0001500000071246177, 0.0001500000071246177, 4.8000001697801054e-5, 1.53600012708921e-5, 9.999999747378752e-6,
      9.999999747378752e-6,
    ],
  );
});

test("keeps waiting at a lowest learning rate that float32 rounds up", () => {
  const trace = run([plateau({ minLr: 0.00015, patience: 1 })], 0.00015, accuracies(Array(4).fill(0.5)));
  assert.ok(Math.fround(0.00015) > 0.00015);
  assert.deepEqual(
    trace.map((epoch) => waits(epoch)[0]),
    [0, 1, 2, 3],
  );
});

test("ignores c - 1 epochs for a cooldown of c, as Keras does", () => {
  const reduced = (cooldown: number, patience: number) =>
    reductions(run([plateau({ factor: 0.9, minLr: 0, cooldown, patience })], 1, accuracies(Array(9).fill(0.5))));
  assert.deepEqual(reduced(0, 1), [1, 2, 3, 4, 5, 6, 7, 8]);
  assert.deepEqual(reduced(1, 1), [1, 2, 3, 4, 5, 6, 7, 8]);
  assert.deepEqual(reduced(2, 1), [1, 3, 5, 7]);
  assert.deepEqual(reduced(3, 1), [1, 4, 7]);
  assert.deepEqual(reduced(2, 2), [2, 5, 8]);
});

test("records an improvement during a cooldown", () => {
  const trace = run([plateau({ cooldown: 5, patience: 1 })], 1, accuracies([0.5, 0.5, 0.6]));
  assert.deepEqual(trace[2]?.after.callbacks, [{ best: Math.fround(0.6), wait: 0, cooldown: 4 }]);
});
