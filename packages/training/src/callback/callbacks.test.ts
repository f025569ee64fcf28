import assert from "node:assert/strict";
import { test } from "node:test";
import type {
  CallbackPlan,
  EarlyStoppingPlan,
  ReduceLROnPlateauPlan,
  TrainingPlan,
} from "@sintonia/tuning/plan/training-plan";
import { applyCallbacks, type CallbacksState, startCallbacks } from "./callbacks.js";
import type { StoppingState } from "./early-stopping.js";
import type { EpochMetrics } from "./metric.js";
import type { PlateauState } from "./reduce-lr-on-plateau.js";

function plateau(change: Partial<ReduceLROnPlateauPlan> = {}): ReduceLROnPlateauPlan {
  const type = "ReduceLROnPlateau";
  return {
    type,
    monitor: "val_accuracy",
    mode: "auto",
    factor: 0.3787,
    patience: 2,
    minDelta: 1e-4,
    cooldown: 0,
    minLr: 1e-5,
    ...change,
  };
}

function stopping(change: Partial<EarlyStoppingPlan> = {}): EarlyStoppingPlan {
  return {
    type: "EarlyStopping",
    monitor: "val_accuracy",
    mode: "auto",
    patience: 4,
    minDelta: 1e-5,
    restoreBestWeights: false,
    startFromEpoch: 0,
    ...change,
  };
}

function metrics(change: Partial<EpochMetrics>): EpochMetrics {
  return { loss: 0, accuracy: 0, val_loss: 0, val_accuracy: 0, ...change };
}

interface Epoch {
  readonly used: number;
  readonly after: CallbacksState;
}

/** Runs the epochs until a callback stops or the metrics end; each state goes through JSON. */
function run(plans: CallbackPlan[], learningRate: number, epochs: readonly EpochMetrics[]): Epoch[] {
  const training = { optimizer: { learningRate }, callbacks: plans } as unknown as TrainingPlan["training"];
  const trace: Epoch[] = [];
  let state = startCallbacks(training);
  for (const values of epochs) {
    const used = state.learningRate;
    state = JSON.parse(JSON.stringify(applyCallbacks(plans, state, values)));
    trace.push({ used, after: state });
    if (state.stop) break;
  }
  return trace;
}

/** Accuracies as Keras reports them: float32. */
function accuracies(values: readonly number[]): EpochMetrics[] {
  return values.map((value) => metrics({ val_accuracy: Math.fround(value) }));
}

function waits(epoch: Epoch): (number | undefined)[] {
  return epoch.after.callbacks.map((state: PlateauState | StoppingState) => state.wait);
}

function reductions(trace: readonly Epoch[]): number[] {
  return trace.flatMap((epoch, index) => (epoch.after.learningRate < epoch.used ? [index] : []));
}

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
      Math.abs(found.after.learningRate / after - 1) < 1e-6,
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

test("goes on waiting at a lowest learning rate that float32 rounds up", () => {
  const trace = run([plateau({ minLr: 0.00015, patience: 1 })], 0.00015, accuracies(Array(4).fill(0.5)));
  assert.ok(Math.fround(0.00015) > 0.00015);
  assert.deepEqual(
    trace.map((epoch) => waits(epoch)[0]),
    [0, 1, 2, 3],
  );
});

test("waits out a cooldown of c epochs as c - 1, like Keras", () => {
  const reduced = (cooldown: number, patience: number) =>
    reductions(run([plateau({ factor: 0.9, minLr: 0, cooldown, patience })], 1, accuracies(Array(9).fill(0.5))));
  assert.deepEqual(reduced(0, 1), [1, 2, 3, 4, 5, 6, 7, 8]);
  assert.deepEqual(reduced(1, 1), [1, 2, 3, 4, 5, 6, 7, 8]);
  assert.deepEqual(reduced(2, 1), [1, 3, 5, 7]);
  assert.deepEqual(reduced(3, 1), [1, 4, 7]);
  assert.deepEqual(reduced(2, 2), [2, 5, 8]);
});

test("notes an improvement during a cooldown", () => {
  const trace = run([plateau({ cooldown: 5, patience: 1 })], 1, accuracies([0.5, 0.5, 0.6]));
  assert.deepEqual(trace[2]?.after.callbacks, [{ best: Math.fround(0.6), wait: 0, cooldown: 4 }]);
});

test("from one half upwards never counts one more image of 10,000 as an improvement of 1e-4, and always one of 1e-5", () => {
  for (let correct = 5_000; correct < 10_000; correct++) {
    const step = accuracies([correct / 10_000, (correct + 1) / 10_000]);
    const after = run([plateau(), stopping()], 1, step)[1] as Epoch;
    assert.deepEqual(waits(after), [1, 0], `from ${correct} images`);
  }
});

test("takes a fall of a loss and a rise of an accuracy as better", () => {
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

test("lets every callback see the epoch in which an earlier one stops", () => {
  const trace = run([stopping({ patience: 2 }), plateau({ patience: 2 })], 0.1, accuracies(Array(5).fill(0.5)));
  assert.equal(trace.length, 3);
  assert.ok((trace[2] as Epoch).after.learningRate < 0.1);
});

test("stops when any callback says so", () => {
  assert.equal(
    run([stopping({ patience: 1 }), stopping({ patience: 3 })], 1, accuracies(Array(5).fill(0.5))).length,
    2,
  );
  assert.equal(
    run([stopping({ patience: 3 }), stopping({ patience: 1 })], 1, accuracies(Array(5).fill(0.5))).length,
    2,
  );
});
