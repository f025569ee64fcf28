import assert from "node:assert/strict";
import { test } from "node:test";
import type { Trial } from "@sintonia/proto/sintonia/v1/study";
import { aCompletedTrial, aRunningTrial, aStudy } from "../study.fixture.js";
import { estimateSecondsLeft } from "./estimate.js";
import type { StudyProgress } from "./progress.js";

function progress(maxTrials: number, trainerCount: number, trials: Trial[]): StudyProgress {
  return { study: aStudy({ maxTrials }), trials: new Map(trials.map((trial) => [trial.id, trial])), trainerCount };
}

test("says nothing before a trial has completed", () => {
  assert.equal(estimateSecondsLeft(progress(4, 2, [aRunningTrial("0", 30)])), undefined);
});

test("shares the epochs that are left among the trainers", () => {
  // Typical 40 epochs; 20 + 20 left of those under way, 40 of the one that waits: 80 epochs of 2 s by two trainers.
  const trials = [aCompletedTrial("0", 0.9), aRunningTrial("1", 20), aRunningTrial("2", 20)];
  assert.equal(estimateSecondsLeft(progress(4, 2, trials)), 80);
});

test("counts the trials that the selection rule adds as one execution each", () => {
  // Typical 20 epochs an execution; two trials of two executions and three replicates are left: 4 * 20 + 3 * 20 epochs of 2 s.
  const study = aStudy({ maxTrials: 3, expectedTrialCount: 6 });
  const trial = aCompletedTrial("0", 0.9, { executions: 2 });
  assert.equal(estimateSecondsLeft({ study, trials: new Map([["0", trial]]), trainerCount: 1 }), 280);
});

test("is not shorter than the longest trial under way", () => {
  const trials = [aCompletedTrial("0", 0.9), aRunningTrial("1", 10)];
  assert.equal(estimateSecondsLeft(progress(2, 8, trials)), 60);
});

test("expects one more epoch of a trial that outlasts the others", () => {
  const trials = [aCompletedTrial("0", 0.9), aRunningTrial("1", 70)];
  assert.equal(estimateSecondsLeft(progress(2, 1, trials)), 2);
});

test("takes the pace of completed trials while none has measured an epoch", () => {
  // 40 epochs in 80 s; three trials left for one trainer.
  assert.equal(estimateSecondsLeft(progress(4, 1, [aCompletedTrial("0", 0.9)])), 240);
});
