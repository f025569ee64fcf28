import assert from "node:assert/strict";
import { test } from "node:test";
import type { Trial } from "@sintonia/proto/sintonia/v1/study";
import { StudyState, TrialState } from "@sintonia/proto/sintonia/v1/study";
import type { StudyProgress } from "../study/progress/progress.js";
import { aCompletedTrial, aRunningTrial, aSelection, aStudy, aTrial, at } from "../study/study.fixture.js";
import { liveLines, trialLine, trialStartLine, trialsDoneLine } from "./progress-lines.js";

function progress(trials: Trial[], study = aStudy()): StudyProgress {
  return { study, trials: new Map(trials.map((trial) => [trial.id, trial])), trainerCount: 2 };
}

test("a trial under way shows epoch, metric, best, learning rate and speed", () => {
  assert.equal(
    trialLine(aStudy(), aRunningTrial("03", 17)),
    "Trial 03  epoch  17/100  val_accuracy 0.9842  best 0.9842  lr 0.00168  0.50 epochs/s",
  );
});

test("a trial without an epoch shows its trainer", () => {
  const trial = aTrial("03", { state: TrialState.LEASED, trainerId: "trainer-2-ffffff" });
  assert.equal(trialLine(aStudy(), trial), "Trial 03  starting on trainer-2-ffffff");
});

test("a trial of several executions shows the present one", () => {
  assert.match(trialLine(aStudy(), aRunningTrial("03", 17, { executions: 3 })), /execution 1\/3/);
});

test("the live display has a line for each trial under way and the overall bar", () => {
  const trials = [aCompletedTrial("00", 0.98), aRunningTrial("01", 20), aRunningTrial("02", 30), aTrial("03")];
  const lines = liveLines(progress(trials), at(100), 200);
  assert.equal(lines.length, 4);
  assert.equal(lines[3], "[##----------------------] 1/10 trials  2 trainers  1m 40s  about 5m 10s left");
});

test("the time left is not estimated before a trial has completed", () => {
  assert.match(liveLines(progress([aRunningTrial("00", 3)]), at(9), 200).at(-1) ?? "", /estimating time left$/);
});

test("a finalizing study shows its present step", () => {
  const choosing = aStudy({ state: StudyState.FINALIZING });
  const evaluating = aStudy({ state: StudyState.FINALIZING, bestTrialId: "00", selection: aSelection("00") });
  const lineOf = (study: typeof choosing) => trialsDoneLine(progress([aCompletedTrial("00", 0.98)], study));
  assert.match(lineOf(choosing), /, choosing the best trial$/);
  assert.match(lineOf(evaluating), /, evaluating the best model, trial 00, on the test split$/);
});

test("replicates count as trials and name the trial that they repeat", () => {
  const study = aStudy({ expectedTrialCount: 16 });
  assert.match(trialsDoneLine(progress([aCompletedTrial("00", 0.98)], study)), /^1 of 16 trials done/);
  const trial = aTrial("10", { trainerId: "trainer-1-abc123", replicates: { trialId: "03", round: 0 } });
  assert.equal(trialStartLine(trial), "Trial 10 started on trainer-1-abc123, replicate of trial 03: stddev=0.05");
});

test("no line is wider than the terminal", () => {
  const lines = liveLines(progress([aRunningTrial("00", 3)]), at(9), 30);
  for (const line of lines) assert.ok(line.length <= 30, line);
});

test("the line of a start contains the values, and the attempt if it is not the first", () => {
  const trial = aTrial("03", { trainerId: "trainer-1-abc123", attempt: 2 });
  assert.equal(trialStartLine(trial), "Trial 03 started on trainer-1-abc123, attempt 2: stddev=0.05");
});
