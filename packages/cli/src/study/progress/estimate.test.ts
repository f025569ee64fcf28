import assert from "node:assert/strict";
import { test } from "node:test";
import { type Trial, TrialState } from "@sintonia/proto/sintonia/v1/study";
import { aCompletedTrial, aRunningTrial, aStudy, aTrial } from "../study.fixture.js";
import { estimateSecondsLeft } from "./estimate.js";
import type { StudyProgress } from "./progress.js";

function progress(maxTrials: number, trainerCount: number, trials: Trial[]): StudyProgress {
  return { study: aStudy({ maxTrials }), trials: new Map(trials.map((trial) => [trial.id, trial])), trainerCount };
}

test("goes by the plan before a trial has completed, and returns undefined before an epoch", () => {
  // The other trainer takes two of the three trials that wait, each of 100 epochs of 2 s.
  assert.equal(estimateSecondsLeft(progress(4, 2, [aRunningTrial("0", 30)])), 2 * (100 + 100));
  assert.equal(estimateSecondsLeft(progress(4, 2, [aTrial("0", { state: TrialState.LEASED })])), undefined);
});

test("lets the first trainer that is free take the next trial", () => {
  // Typical 40 epochs of 2 s; 20 are left of both trials under way, and 40 of the one that waits.
  const trials = [aCompletedTrial("0", 0.9), aRunningTrial("1", 20), aRunningTrial("2", 20)];
  assert.equal(estimateSecondsLeft(progress(4, 2, trials)), 120);
});

test("counts the replicates of the selection rule as one execution each", () => {
  // Typical 20 epochs an execution; two trials of two executions and three replicates are left: 4 *
  // 20 + 3 * 20 epochs of 2 s.
  const study = aStudy({ maxTrials: 3, expectedTrialCount: 6 });
  const trial = aCompletedTrial("0", 0.9, { executions: 2 });
  assert.equal(estimateSecondsLeft({ study, trials: new Map([["0", trial]]), trainerCount: 1 }), 280);
});

test("is at least the remaining time of the longest trial under way", () => {
  const trials = [aCompletedTrial("0", 0.9), aRunningTrial("1", 10)];
  assert.equal(estimateSecondsLeft(progress(2, 8, trials)), 60);
});

test("expects a third of the epochs so far of a trial beyond the only other one", () => {
  const trials = [aCompletedTrial("0", 0.9), aRunningTrial("1", 70)];
  assert.equal(Math.round(estimateSecondsLeft(progress(2, 1, trials)) ?? 0), 47);
});

test("uses the speed of completed trials while no trial under way has measured an epoch", () => {
  // 40 epochs in 80 s; three trials left for one trainer.
  assert.equal(estimateSecondsLeft(progress(4, 1, [aCompletedTrial("0", 0.9)])), 240);
});
