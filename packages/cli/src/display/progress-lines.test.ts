import assert from "node:assert/strict";
import { test } from "node:test";
import type { Trial } from "@sintonia/proto/sintonia/v1/study";
import { StudyState, TrialState, WaitReason } from "@sintonia/proto/sintonia/v1/study";
import type { StudyProgress } from "../study/progress/progress.js";
import { aCompletedTrial, aRunningTrial, aSelection, aStudy, aTrial } from "../study/study.fixture.js";
import { PLAIN_LAYOUT } from "./format/layout.js";
import { widthOf } from "./format/text.js";
import {
  type LiveView,
  liveLines,
  trialLine,
  trialRequeuedLine,
  trialStartLine,
  trialsDoneLine,
} from "./progress-lines.js";

function progress(trials: Trial[], study = aStudy()): StudyProgress {
  return { study, trials: new Map(trials.map((trial) => [trial.id, trial])), trainerCount: 2 };
}

function viewOf(columns: number, rows = 24): LiveView {
  return { elapsed: 100, layout: { ...PLAIN_LAYOUT, columns }, rows };
}

/** A study with two trials under way, one of them with executions, and one that waits. */
function busy(): StudyProgress {
  const lost = {
    message: "Attempt 1 ended: Trainer trainer-2 went silent.",
    waiting: { trainers: undefined, reason: WaitReason.TRAINERS, message: "Waits for a free trainer." },
  };
  return progress(
    [
      aCompletedTrial("0", 0.98),
      aRunningTrial("1", 17, { executions: 2 }),
      aTrial("2", { state: TrialState.LEASED, trainerId: "trainer-1-abc123", attempt: 2 }),
      aTrial("3", { attempt: 2, ...lost }),
    ],
    aStudy({
      waiting: {
        trainers: undefined,
        reason: WaitReason.PARALLEL_TRIALS,
        message: "parallelTrials allows two trials at a time; one trainer is idle",
      },
    }),
  );
}

test("lines fit the terminal: parts become shorter in their order, and the time left stays", () => {
  assert.deepEqual(liveLines(busy(), viewOf(120)), [
    "",
    "Trial 1  execution 1/2  epoch  17/100  val_accuracy 0.9842  best 0.9842  lr 0.00168  0.50 epochs/s",
    "Trial 2  starting on trainer-1-abc123, attempt 2",
    "Waiting: parallelTrials allows two trials at a time; one trainer is idle",
    "Trial 3: Waits for a free trainer.",
    "[##----------------------]  1/10 trials  2 trainers  1m 40s  about 6m 40s left",
  ]);
  assert.deepEqual(liveLines(busy(), viewOf(80)).slice(1), [
    "Trial 1  execution 1/2  epoch  17/100  val_accuracy 0.9842  best 0.9842",
    "Trial 2  starting on trainer-1-abc123, attempt 2",
    "Waiting: parallelTrials allows two trials at a time; one trainer is idle",
    "Trial 3: Waits for a free trainer.",
    "[##----------------------]  1/10 trials  2 trainers  1m 40s  about 6m 40s left",
  ]);
  assert.deepEqual(liveLines(busy(), viewOf(60)).slice(1), [
    "Trial 1  execution 1/2  epoch  17/100  val_accuracy 0.9842",
    "Trial 2  starting on trainer-1-abc123, attempt 2",
    "Waiting: parallelTrials allows two trials at a time; one tr…",
    "Trial 3: Waits for a free trainer.",
    "1/10 trials  2 trainers  1m 40s  about 6m 40s left",
  ]);
  assert.deepEqual(liveLines(busy(), viewOf(40)).slice(1), [
    "Trial 1  epoch  17/100  0.9842",
    "Trial 2  starting on trainer-1-abc123, …",
    "Waiting: parallelTrials allows two tria…",
    "Trial 3: Waits for a free trainer.",
    "1/10 trials  1m 40s  about 6m 40s left",
  ]);
});

test("the time left is whole at every width from 20 columns on", () => {
  for (let columns = 20; columns <= 120; columns++) {
    const lines = liveLines(busy(), viewOf(columns));
    assert.match(lines.at(-1) ?? "", /about 6m 40s left$/, `${columns} columns`);
    for (const line of lines) assert.ok(widthOf(line) <= columns, `${columns} columns: ${line}`);
  }
});

test("trials beyond the rows of the terminal are counted", () => {
  const trials = Array.from({ length: 30 }, (_, i) => aRunningTrial(String(i), 3));
  const lines = liveLines(progress(trials), viewOf(80, 24));
  assert.equal(lines.length, 21);
  assert.equal(lines.at(-2), "and 12 more trials");
});

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
  const lines = liveLines(progress(trials), viewOf(200));
  assert.equal(lines.length, 4);
  assert.equal(lines[3], "[##----------------------]  1/10 trials  2 trainers  1m 40s  about 5m 40s left");
});

test("the time left is not estimated before an epoch", () => {
  const trial = aTrial("00", { state: TrialState.LEASED });
  assert.match(liveLines(progress([trial]), viewOf(200)).at(-1) ?? "", /estimating time left$/);
});

test("a finalizing study shows its present step", () => {
  const choosing = aStudy({ state: StudyState.FINALIZING });
  const evaluating = aStudy({ state: StudyState.FINALIZING, bestTrialId: "00", selection: aSelection("00") });
  const lineOf = (study: typeof choosing) => trialsDoneLine(progress([aCompletedTrial("00", 0.98)], study));
  assert.match(lineOf(choosing), /, choosing the best trial$/);
  assert.match(lineOf(evaluating), /, evaluating the best model, trial 00, on the test split$/);
});

test("the test of a program has its line, its first metric and its step", () => {
  const waiting = aTrial("test", { tests: "00", state: TrialState.LEASED, trainerId: "trainer-1-abc123" });
  const study = aStudy({
    state: StudyState.FINALIZING,
    bestTrialId: "00",
    selection: aSelection("00"),
    testRun: waiting,
  });
  const lines = liveLines(progress([aCompletedTrial("00", 0.98)], study), viewOf(200));
  assert.equal(lines[1], "Test of trial 00  starting on trainer-1-abc123");
  assert.match(lines.at(-1) ?? "", /1\/10 trials .* testing trial 00 with program\.test$/);
  const latest = { execution: 0, epoch: 0, metrics: { auc: 0.75 }, learningRate: 0, seconds: 2 };
  assert.match(trialLine(study, { ...waiting, latest, maxEpochs: 0 }), /^Test of trial 00 {2}epoch 1 {2}auc 0\.75/);
});

test("replicates count as trials and name the trial that they repeat", () => {
  const study = aStudy({ expectedTrialCount: 16 });
  assert.match(trialsDoneLine(progress([aCompletedTrial("00", 0.98)], study)), /^1 of 16 trials done/);
  const trial = aTrial("10", { trainerId: "trainer-1-abc123", replicates: { trialId: "03", round: 0 } });
  assert.equal(trialStartLine(trial), "Trial 10 started on trainer-1-abc123, replicate of trial 03: stddev=0.05");
});

test("no line is wider than the terminal", () => {
  const lines = liveLines(progress([aRunningTrial("00", 3)]), viewOf(30));
  for (const line of lines) assert.ok(widthOf(line) <= 30, line);
});

test("the line of a start contains the values, and the attempt if it is not the first", () => {
  const trial = aTrial("03", { trainerId: "trainer-1-abc123", attempt: 2 });
  assert.equal(trialStartLine(trial), "Trial 03 started on trainer-1-abc123, attempt 2: stddev=0.05");
});

test("a lost attempt is told with its reason", () => {
  const trial = aTrial("3", { attempt: 2, message: "Attempt 1 ended: Trainer trainer-2 went silent." });
  assert.equal(
    trialRequeuedLine(trial),
    "Trial 3 waits for another trainer (attempt 2). Attempt 1 ended: Trainer trainer-2 went silent.",
  );
});

test("an ended study has no time left", () => {
  const ended = progress([aCompletedTrial("0", 0.98)], aStudy({ state: StudyState.COMPLETED }));
  assert.match(liveLines(ended, viewOf(80)).at(-1) ?? "", /the study is completed$/);
});
