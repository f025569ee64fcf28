import assert from "node:assert/strict";
import { test } from "node:test";
import { StudyState, TrialState } from "@sintonia/proto/sintonia/v1/study";
import { resultsDocument } from "../../study/documents/results.js";
import { aCompletedTrial, aSelection, aStudy, aTrial, at } from "../../study/study.fixture.js";
import { summaryLines } from "./summary.js";

const SPEC = {
  parameters: { stddev: { type: "double" } },
  published: { source: "lab sheet TL05", testLoss: 0.07737, testAccuracy: 0.9845, valAccuracy: 0.9851 },
};

const ENDED = aStudy({
  state: StudyState.COMPLETED,
  specJson: JSON.stringify(SPEC),
  bestTrialId: "03",
  endedAt: at(100),
  test: {
    loss: 0.081234,
    accuracy: 0.983,
    accuracyLow: 0.9803,
    accuracyHigh: 0.9854,
    examples: 10_000,
    scores: [],
    undefinedScores: [],
  },
});

test("the summary is KerasTuner's, then the test split beside the published figures, then the time", () => {
  const trials = [aCompletedTrial("02", 0.98), aCompletedTrial("03", Math.fround(0.9842))];
  assert.deepEqual(summaryLines(resultsDocument(ENDED, trials), "runs/mnist-init"), [
    "",
    "Results summary",
    "Results in runs/mnist-init",
    "Showing 1 best trials",
    'Objective(name="val_accuracy", direction="max")',
    "",
    "Trial 03 summary",
    "Hyperparameters:",
    "stddev: 0.05",
    "Score: 0.9842",
    "",
    "Test split (10,000 examples), best model:",
    "               here                                       published",
    "test loss      0.08123                                    0.07737",
    "test accuracy  98.30 %, 95 % interval 98.03 % to 98.54 %  98.45 %",
    "val_accuracy   98.42 %                                    98.51 %",
    "Published figures: lab sheet TL05",
    "",
    "The study took 1m 40s; its trials took 2m 40s in total, 1.60 trials at a time on average.",
  ]);
});

test("the lines of the choice stand between the best trial and the test split", () => {
  const study = { ...ENDED, selection: aSelection("03") };
  const lines = summaryLines(resultsDocument(study, [aCompletedTrial("03", 0.985)]), "runs/x");
  const chosen = lines.indexOf("Selected trial 03: the best posterior mean.");
  assert.ok(
    lines.indexOf("Score: 0.985") < chosen && chosen < lines.findIndex((line) => line.startsWith("Test split")),
  );
});

test("a study without a completed trial says so and lists the states of its trials", () => {
  const study = aStudy({ state: StudyState.FAILED, endedAt: at(10) });
  const trial = aTrial("00", { state: TrialState.FAILED, message: "no such engine" });
  const lines = summaryLines(resultsDocument(study, [trial]), "runs/x");
  assert.ok(lines.includes("No trial has completed."));
  assert.ok(lines.includes("Trial 00 failed: no such engine"));
});

test("few pruned trials are named one by one, and more are counted by their epochs", () => {
  const pruned = (number: number, epochs: number) =>
    aTrial(`1${number}`, { state: TrialState.PRUNED, epochs, message: "It was behind." });
  const linesOf = (epochs: readonly number[]) => {
    const trials = [aCompletedTrial("03", 0.98), ...epochs.map((each, i) => pruned(i, each))];
    return summaryLines(resultsDocument(ENDED, trials), "runs/x").filter((line) => /pruned|behind/.test(line));
  };
  assert.deepEqual(linesOf([1, 4]), ["Trial 10 pruned: It was behind.", "Trial 11 pruned: It was behind."]);
  assert.deepEqual(linesOf([1, 4, 1, 16]), [
    '4 trials were pruned: 2 after 1 epoch, 1 after 4 epochs, 1 after 16 epochs. "sintonia explain" says why.',
  ]);
});

test("a study that ended before its budget was spent says why", () => {
  const message = "The oracle grid has no point left after 1 of 5 trials.";
  const lines = summaryLines(resultsDocument({ ...ENDED, message }, [aCompletedTrial("03", 0.98)]), "runs/x");
  assert.deepEqual(lines.slice(-3, -1), [message, ""]);
});

test("a study with interruptions prints no number of parallel trials", () => {
  const study = aStudy({ state: StudyState.COMPLETED, endedAt: at(1_000) });
  const lines = summaryLines(resultsDocument(study, [aCompletedTrial("00", 0.98)]), "runs/x");
  assert.equal(lines.at(-1), "The study took 16m 40s; its trials took 1m 20s in total.");
});

test("the test of a program stands between its best trial and the time, and a failed one says why", () => {
  const testRun = aTrial("test", { tests: "03", state: TrialState.COMPLETED });
  const study = { ...ENDED, test: undefined, testRun, testMetrics: { test_auc: 0.9, loss: 0.25 } };
  const trials = [aCompletedTrial("03", 0.9)];
  const lines = summaryLines(resultsDocument(study, trials), "runs/x");
  const title = lines.indexOf("Test of trial 03, once, as its program reported it:");
  assert.deepEqual(lines.slice(title + 2, title + 4), ["test_auc  0.9", "loss      0.25"]);
  const failed = { ...testRun, state: TrialState.FAILED, message: "exit code 1" };
  const stopped = { ...study, state: StudyState.STOPPED, testMetrics: {}, testRun: failed };
  const others = summaryLines(resultsDocument(stopped, trials), "runs/x");
  assert.ok(others.includes("The test of trial 03 failed: exit code 1"));
});
