import assert from "node:assert/strict";
import { test } from "node:test";
import { StudyState } from "@sintonia/proto/sintonia/v1/study";
import { resultsDocument } from "../study/documents/results.js";
import { loadNamedDataStudy } from "../study/spec/experiments.js";
import { aCompletedTrial, aStudy, at } from "../study/study.fixture.js";
import { experimentEntry } from "./document.js";
import { quickSpec } from "./published-experiments.js";

const INIT = loadNamedDataStudy("mnist-init");

function testResult(correct: number, accuracyLow: number, accuracyHigh: number) {
  return {
    loss: 0.08,
    accuracy: correct / 10_000,
    accuracyLow,
    accuracyHigh,
    examples: 10_000,
    scores: [],
    undefinedScores: [],
  };
}

const results = resultsDocument(
  aStudy({
    state: StudyState.COMPLETED,
    bestTrialId: "01",
    endedAt: at(100),
    test: testResult(9900, 0.98785, 0.99177),
  }),
  [aCompletedTrial("00", Math.fround(0.98)), aCompletedTrial("01", Math.fround(0.984))],
);
const refit = resultsDocument(
  aStudy({ state: StudyState.COMPLETED, bestTrialId: "0", endedAt: at(50), test: testResult(9800, 0.97706, 0.98257) }),
  [aCompletedTrial("0", 0.999, { epochs: 34 })],
);

test("an entry contains the measured and the published figures", () => {
  const entry = experimentEntry({ spec: INIT, results, refit }, true);
  assert.deepEqual(entry.validation.here?.accuracy, Math.fround(0.984));
  // Wilson's interval of 9,840 of 10,000 with z = 1.959964: (0.984 + 0.000192 -+ 0.002465) /
  // 1.000384.
  const [low, high] = entry.validation.here?.interval ?? [];
  assert.deepEqual([low?.toFixed(5), high?.toFixed(5)], ["0.98135", "0.98628"]);
  assert.equal(entry.validation.outsideBy, 0);
  assert.deepEqual(entry.found, { stddev: 0.05 });
  assert.equal(entry.refit.epochs, 34);
  assert.deepEqual([entry.epochs, entry.wallSeconds, entry.trialSeconds], [80, 150, 240]);
});

test("a published figure outside the interval is given in percentage points, negative below", () => {
  const { test: onTest } = experimentEntry({ spec: INIT, results, refit }, true);
  // Published 0.9845, our interval begins at 0.98785.
  assert.equal(onTest.outsideBy?.toFixed(3), "-0.335");
  const above = { ...INIT, published: { refitTestAccuracy: 0.99 } };
  assert.equal(experimentEntry({ spec: above, results, refit }, true).refit.outsideBy?.toFixed(3), "0.743");
});

test("compares nothing if a figure is missing or not comparable", () => {
  const entry = experimentEntry({ spec: INIT, results, refit }, true);
  assert.deepEqual([entry.refit.published, entry.refit.outsideBy], [null, null]);
  assert.equal(experimentEntry({ spec: INIT, results, refit }, false).test.outsideBy, null);
  const failed = resultsDocument(aStudy({ state: StudyState.FAILED, message: "3 trials failed in a row" }), []);
  const {
    validation,
    test: onTest,
    refit: none,
    found,
    message,
  } = experimentEntry({ spec: INIT, results: failed, refit: undefined }, true);
  assert.deepEqual(
    [validation.here, onTest.here, none.here, found, message],
    [null, null, null, null, "3 trials failed in a row"],
  );
  assert.equal(onTest.published, 0.9845);
});

test("published values are in the order of the parameters", () => {
  const spec = quickSpec(loadNamedDataStudy("mnist-learning-rate"));
  const { publishedValues } = experimentEntry({ spec, results, refit }, true);
  assert.deepEqual(Object.keys(publishedValues ?? {}), ["learningRate", "batchSize"]);
});
