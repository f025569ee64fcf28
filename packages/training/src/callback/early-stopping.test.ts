import assert from "node:assert/strict";
import { test } from "node:test";
import { accuracies, type Epoch, metrics, run, stopping, waits } from "./callbacks.fixture.js";
import { epochToRestore } from "./callbacks.js";

test("counts a lower loss and a higher accuracy as improvements", () => {
  const watched = (monitor: "loss" | "val_loss" | "accuracy" | "val_accuracy", values: number[]) =>
    run(
      [stopping({ monitor, minDelta: 0, patience: 9 })],
      1,
      values.map((value) => metrics({ [monitor]: value })),
    );
  for (const monitor of ["loss", "val_loss"] as const) {
    assert.deepEqual(
      watched(monitor, [0.5, 0.4, 0.4, 0.6, 0.3]).map((epoch) => waits(epoch)[0]),
      [0, 0, 1, 2, 0],
    );
  }
  for (const monitor of ["accuracy", "val_accuracy"] as const) {
    assert.deepEqual(
      watched(monitor, [0.5, 0.6, 0.6, 0.4, 0.7]).map((epoch) => waits(epoch)[0]),
      [0, 0, 1, 2, 0],
    );
  }
  const smaller = run(
    [stopping({ monitor: "val_loss", minDelta: 0.2 })],
    1,
    [0.5, 0.4].map((value) => metrics({ val_loss: value })),
  );
  assert.deepEqual(waits(smaller[1] as Epoch), [1]);
});

test("stops at the first epoch without improvement under patience 0, but not at the very first", () => {
  assert.equal(run([stopping({ patience: 0 })], 1, accuracies([0.5, 0.6, 0.6, 0.7])).length, 3);
  assert.equal(run([stopping({ patience: 0 })], 1, accuracies([0.5, 0.5])).length, 2);
});

test("compares in the direction of the mode, whatever the metric's name", () => {
  const upwards = run(
    [stopping({ monitor: "val_loss", mode: "max", minDelta: 0 })],
    1,
    [0.5, 0.6, 0.55].map((value) => metrics({ val_loss: value })),
  );
  const downwards = run([stopping({ mode: "min", minDelta: 0 })], 1, accuracies([0.5, 0.4, 0.45]));
  for (const trace of [upwards, downwards]) assert.deepEqual(trace.flatMap(waits), [0, 0, 1]);
});

test("keeps waiting while the baseline is not reached, and stops only without an improvement", () => {
  const plan = stopping({ baseline: 0.9, patience: 2, minDelta: 0 });
  const improving = run([plan], 1, accuracies([0.5, 0.6, 0.7, 0.8, 0.8, 0.8]));
  assert.deepEqual(improving.flatMap(waits), [1, 2, 3, 4, 5]);
  const reaching = run([plan], 1, accuracies([0.5, 0.91, 0.92, 0.92, 0.92]));
  assert.deepEqual(reaching.flatMap(waits), [1, 0, 0, 1, 2]);
});

test("ignores the epochs before startFromEpoch", () => {
  const plan = stopping({ startFromEpoch: 2, patience: 1 });
  const trace = run([plan], 1, accuracies([0.9, 0.8, 0.5, 0.6, 0.6]));
  assert.deepEqual(trace.flatMap(waits), [0, 0, 0, 0, 1]);
});

test("restores an epoch from the moment at which the epoch ends", () => {
  const plans = [stopping({ restoreBestWeights: true, patience: 2 })];
  const trace = run(plans, 1, accuracies([0.5, 0.6, 0.55, 0.7, 0.7, 0.7]));
  assert.deepEqual(
    trace.map(({ after }) => epochToRestore(plans, after)),
    [0, 1, 1, 3, 3, 3],
  );
});

test("restores by the last callback that has seen an epoch and has restoreBestWeights", () => {
  const late = stopping({ restoreBestWeights: true, startFromEpoch: 2 });
  const plans = [stopping({ restoreBestWeights: true }), late, stopping()];
  const trace = run(plans, 1, accuracies([0.8, 0.7, 0.5, 0.6]));
  assert.deepEqual(
    trace.map(({ after }) => epochToRestore(plans, after)),
    [0, 0, 2, 3],
  );
  const [first] = run([stopping()], 1, accuracies([0.8]));
  assert.equal(epochToRestore([stopping()], (first as Epoch).after), undefined);
});
