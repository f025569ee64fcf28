import assert from "node:assert/strict";
import { test } from "node:test";
import { StudyState, TrialState, WaitReason } from "@sintonia/proto/sintonia/v1/study";
import { aCompletedTrial, aSelection, aStudy, aTrial, at, measurementsOf } from "../study.fixture.js";
import { resultsDocument } from "./results.js";
import type { TrialResults } from "./trial-results.js";

const TEST = {
  loss: 0.0774,
  accuracy: 0.9845,
  accuracyLow: 0.9819,
  accuracyHigh: 0.9867,
  examples: 10_000,
  scores: [],
  undefinedScores: [],
};

test("a completed study has its best trial, its test figures and its wall time", () => {
  const study = aStudy({ state: StudyState.COMPLETED, bestTrialId: "01", test: TEST, endedAt: at(100.5) });
  const document = resultsDocument(study, [aCompletedTrial("00", 0.98), aCompletedTrial("01", 0.985)]);
  assert.equal(document.study.state, "completed");
  assert.equal(document.best?.id, "01");
  assert.deepEqual(document.test, {
    loss: 0.0774,
    accuracy: 0.9845,
    interval: [0.9819, 0.9867],
    examples: 10_000,
    scores: {},
  });
  assert.equal(document.wallSeconds, 100.5);
});

test("a regression has no accuracy, and each metric with its interval", () => {
  const scores = [
    { name: "rmse", value: 2.5, low: 2, high: 3.25 },
    { name: "r2", value: 0.5, low: 0.25, high: 0.75 },
  ];
  const test = { loss: 6.25, accuracy: 0, accuracyLow: 0, accuracyHigh: 0, examples: 40, scores, undefinedScores: [] };
  const document = resultsDocument(aStudy({ state: StudyState.COMPLETED, test }), []);
  assert.deepEqual(document.test, {
    loss: 6.25,
    accuracy: null,
    interval: null,
    examples: 40,
    scores: { rmse: { value: 2.5, interval: [2, 3.25] }, r2: { value: 0.5, interval: [0.25, 0.75] } },
  });
});

test("a metric that the test split leaves undefined has its reason", () => {
  const reason = "the test split has no row of class 1 (counted from 0)";
  const test = { ...TEST, undefinedScores: [{ name: "auc", reason }] };
  const { test: found } = resultsDocument(aStudy({ state: StudyState.COMPLETED, test }), []);
  assert.ok(found !== null && "scores" in found);
  assert.deepEqual(found.undefinedScores, { auc: reason });
});

test("a trial has the fields that the command's interface promises", () => {
  const [trial] = resultsDocument(aStudy(), [aCompletedTrial("00", 0.98)]).trials;
  assert.deepEqual(trial, {
    id: "00",
    state: "completed",
    values: { stddev: 0.05 },
    objective: 0.98,
    executions: [0.98],
    deviation: null,
    replicates: null,
    retries: null,
    epochs: 40,
    seconds: 80,
    trainer: "trainer-1-abc123",
    attempt: 1,
    message: null,
    pruning: null,
    waiting: null,
    waitingFor: null,
    startedAt: "2026-01-01T00:00:10.000Z",
    reportedAt: null,
    endedAt: "2026-01-01T00:01:30.000Z",
    history: [],
  });
});

test("a trial has the learning curves of each execution, by epoch", () => {
  const measurements = [...measurementsOf(3), ...measurementsOf(2, 1)];
  const partial = { ...measurements[1], metrics: { loss: 0.5 } } as (typeof measurements)[number];
  const trial = aCompletedTrial("0", 0.75, { measurements: measurements.with(1, partial), executions: 2 });
  assert.deepEqual(resultsDocument(aStudy(), [trial]).trials[0]?.history, [
    {
      execution: 0,
      metrics: { loss: [1, 0.5, 1 / 3], val_accuracy: [0.5, null, 1 - 0.5 / 3] },
      learningRate: [0.001, 0.001, 0.001],
      seconds: [2, 2, 2],
    },
    {
      execution: 1,
      metrics: { loss: [1, 0.5], val_accuracy: [0.5, 0.75] },
      learningRate: [0.001, 0.001],
      seconds: [2, 2],
    },
  ]);
});

test("a queued trial names no trainer and no time, but why it waits and how its last attempt ended", () => {
  const trainers = { live: 3, usable: 2, busy: 2, cordoned: 0, unfit: 0 };
  const waiting = { reason: WaitReason.TRAINERS, message: "no trainer is free", trainers };
  const fields = { attempt: 2, trainerId: "trainer-1-abc123", startedAt: at(3), message: "went silent", waiting };
  const {
    seconds,
    trainer,
    startedAt,
    message,
    waiting: reason,
    waitingFor,
  } = resultsDocument(aStudy(), [aTrial("0", fields)]).trials[0] as TrialResults;
  assert.deepEqual(
    [seconds, trainer, startedAt, message, reason],
    [null, null, null, "went silent", "no trainer is free"],
  );
  assert.deepEqual(waitingFor, { reason: "trainers", trainers });
});

test("a study has the seconds that it worked beside those that passed", () => {
  const study = aStudy({ state: StudyState.COMPLETED, endedAt: at(1000), activeSeconds: 90.5 });
  const { activeSeconds, wallSeconds } = resultsDocument(study, []);
  assert.deepEqual([activeSeconds, wallSeconds], [90.5, 1000]);
});

test("a field without a value is null", () => {
  const document = resultsDocument(aStudy(), [aTrial("00")]);
  const { best, selection, test, wallSeconds } = document;
  assert.deepEqual([best, selection, test, wallSeconds], [null, null, null, null]);
  const { objective, seconds, trainer } = document.trials[0] ?? {};
  assert.deepEqual([objective, seconds, trainer], [null, null, null]);
});

test("a trial that diverged contains the reason", () => {
  const trial = aTrial("00", { state: TrialState.INFEASIBLE, message: "loss became NaN in epoch 3" });
  assert.equal(resultsDocument(aStudy(), [trial]).trials[0]?.message, "loss became NaN in epoch 3");
});

test("values are in the order of the spec's parameters", () => {
  const spec = { parameters: { units: {}, activation: {}, rate: {} } };
  const kind = (value: number) => ({ kind: { $case: "doubleValue", value } }) as const;
  const trial = aTrial("00", { values: { rate: kind(3), activation: kind(2), units: kind(1) } });
  const document = resultsDocument(aStudy({ specJson: JSON.stringify(spec) }), [trial]);
  assert.deepEqual(Object.keys(document.trials[0]?.values ?? {}), ["units", "activation", "rate"]);
});

test("the choice of the best trial contains its uncertainty, and trials list their executions", () => {
  const study = aStudy({ bestTrialId: "01", selection: aSelection("01") });
  const fields = { executionObjectives: [0.98, 0.99], executionDeviation: 0.00707 };
  const again = aCompletedTrial("02", 0.98, { replicates: { trialId: "01", round: 1 } });
  const { selection, trials } = resultsDocument(study, [aCompletedTrial("01", 0.985, fields), again]);
  assert.deepEqual(selection, {
    rule: "posterior-mean",
    trial: "01",
    expected: 0.9846,
    interval: [0.98385, 0.98535],
    tied: ["02", "04", "09"],
    bestMeasured: "01",
    optimism: 0.0005,
    candidates: 10,
    note: null,
    notBestMeasured: null,
  });
  assert.deepEqual([trials[0]?.executions, trials[0]?.deviation], [[0.98, 0.99], 0.00707]);
  assert.deepEqual(trials[1]?.replicates, { trial: "01", round: 1 });
});

test("a program has the metrics of its test, and the test run beside the trials", () => {
  const testRun = aTrial("test", { tests: "03", state: TrialState.COMPLETED });
  const document = resultsDocument(aStudy({ testRun, testMetrics: { auc: 0.9 } }), []);
  assert.deepEqual(document.test, { metrics: { auc: 0.9 } });
  assert.deepEqual([document.testRun?.id, document.testRun?.tests], ["test", "03"]);
  const none = resultsDocument(aStudy(), []);
  assert.deepEqual([none.test, none.testRun], [null, null]);
});
