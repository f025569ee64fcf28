// Whole reports at the widths of terminals, as exact strings.

import assert from "node:assert/strict";
import { test } from "node:test";
import { type Study, StudyState, type Trial, TrialState, WaitReason } from "@sintonia/proto/sintonia/v1/study";
import { resultsDocument } from "../../study/documents/results.js";
import {
  aCompletedTrial,
  aRunningTrial,
  aSelection,
  aStudy,
  aTrial,
  at,
  measurementsOf,
} from "../../study/study.fixture.js";
import { type Layout, PLAIN_LAYOUT } from "../format/layout.js";
import { widthOf } from "../format/text.js";
import { studyDetails, studyTable } from "./study-table.js";
import { summaryLines } from "./summary.js";
import { trialDetails } from "./trial-details.js";

const SPEC = JSON.stringify({ parameters: { stddev: { type: "double" }, units: { type: "integer" } } });

function layoutAt(columns: number): Layout {
  return { ...PLAIN_LAYOUT, columns };
}

function values(stddev: number, units: number): Trial["values"] {
  return {
    stddev: { kind: { $case: "doubleValue", value: stddev } },
    units: { kind: { $case: "integerValue", value: units } },
  };
}

/** A study under way with a trial in each state that a person asks about. */
function busy(): { study: ReturnType<typeof aStudy>; trials: Trial[] } {
  const study = aStudy({
    specJson: SPEC,
    bestTrialId: "0",
    settledCount: 2,
    activeSeconds: 125,
    waiting: {
      trainers: undefined,
      reason: WaitReason.PARALLEL_TRIALS,
      message: "parallelTrials allows two trials at a time",
    },
    setAsideTrainers: [{ trainerId: "trainer-3-dddddd", reason: "no engine", since: at(0) }],
  });
  const trials = [
    aCompletedTrial("0", Math.fround(0.9842), { values: values(0.033753882, 320) }),
    aTrial("1", { state: TrialState.INFEASIBLE, message: "loss became NaN in epoch 3", values: values(1.5, 64) }),
    aRunningTrial("2", 17, {
      values: values(0.0012345678, 512),
      attempt: 2,
      message: "Attempt 1 ended: Trainer trainer-9 went silent.",
    }),
    aTrial("3", {
      values: values(0.2, 128),
      attempt: 2,
      message: "Attempt 1 ended: Trainer trainer-2 went silent.",
      trainerId: "trainer-2-bbbbbb",
      startedAt: at(20),
      waiting: { trainers: undefined, reason: WaitReason.TRAINERS, message: "Waits for a free trainer." },
    }),
  ];
  return { study, trials };
}

function detailsAt(columns: number): string[] {
  const { study, trials } = busy();
  return studyDetails(study, trials, at(130), layoutAt(columns));
}

test("a trial that has not reported for long says since when", () => {
  const { study } = busy();
  const trial = aRunningTrial("2", 17, { reportedAt: at(60), values: values(0.001, 512) });
  const plain = { now: at(660), layout: PLAIN_LAYOUT };
  const [, row = ""] = studyDetails(study, [trial], plain.now, plain.layout).slice(-2);
  assert.match(row, /No report for 10m 00s\.$/);
  assert.match(trialDetails(study, trial, plain.now).join("\n"), /^Latest .* epoch 17 .*; reported 10m 00s ago$/m);
  const mute = aRunningTrial("2", 0, { latest: undefined });
  assert.match(trialDetails(study, mute, at(130)).join("\n"), /^Latest +no epoch yet, for 2m 00s$/m);
});

test("a trial says how many epochs early stopping lets expect", () => {
  const { study } = busy();
  const latestOf = (trial: Parameters<typeof aRunningTrial>[2]) =>
    trialDetails(study, aRunningTrial("2", 17, trial), at(130)).find((line) => line.startsWith("Latest"));
  assert.match(latestOf({ expectedEpochs: 62.6 }) ?? "", / epoch 17 of at most 100, about 63 expected: /);
  assert.match(latestOf({ expectedEpochs: 100 }) ?? "", / epoch 17 of at most 100: /);
  const twice = latestOf({ expectedEpochs: 126, executions: 2 }) ?? "";
  assert.match(twice, /, about 126 expected in all executions: /);
});

test("show fits 120 columns without attempt and trainer, messages cut", () => {
  assert.deepEqual(detailsAt(120), [
    "Study      mnist-init (mnist-init)",
    "State      active",
    "Waiting    parallelTrials allows two trials at a time",
    "Set aside  trainer-3-dddddd: no engine",
    "Objective  val_accuracy (maximize)",
    "Trials     2 of 10 ended",
    "Created    2026-01-01 00:00:00 UTC; has taken 2m 05s without interruptions",
    "Best       trial 0, 0.9842",
    "",
    "TRIAL  STATE       stddev    units  val_accuracy  LATEST  EPOCHS  TIME    MESSAGE",
    "0      completed   0.03375   320    0.9842        -       40      1m 20s",
    "1      infeasible  1.5       64     -             -       0       -       loss became NaN in epoch 3",
    "2      running     0.001235  512    -             0.9842  17/100  2m 00s  Attempt " +
      "1 ended: Trainer trainer-9 went silen…",
    "3      queued      0.2       128    -             -       0       -       Waits fo" +
      "r a free trainer. Attempt 1 ended: Tr…",
    "Left out at this width: ATTEMPT, TRAINER",
  ]);
});

test("show fits 80 columns without times and messages", () => {
  assert.deepEqual(detailsAt(80).slice(8), [
    "",
    "TRIAL  STATE       stddev    units  val_accuracy  LATEST  EPOCHS",
    "0      completed   0.03375   320    0.9842        -       40",
    "1      infeasible  1.5       64     -             -       0",
    "2      running     0.001235  512    -             0.9842  17/100",
    "3      queued      0.2       128    -             -       0",
    "Left out at this width: TIME, ATTEMPT, TRAINER, MESSAGE",
  ]);
});

test("show fits 60 columns without the last parameter", () => {
  assert.deepEqual(detailsAt(60).slice(8), [
    "Best       trial 0, 0.9842",
    "",
    "TRIAL  STATE       stddev    val_accuracy  LATEST  EPOCHS",
    "0      completed   0.03375   0.9842        -       40",
    "1      infeasible  1.5       -             -       0",
    "2      running     0.001235  -             0.9842  17/100",
    "3      queued      0.2       -             -       0",
    "Left out at this width: units, TIME, ATTEMPT, TRAINER,",
    "  MESSAGE",
  ]);
});

test("show is readable at 40 columns: trial, state and objective stay", () => {
  assert.deepEqual(detailsAt(40), [
    "Study      mnist-init (mnist-init)",
    "State      active",
    "Waiting    parallelTrials allows two",
    "           trials at a time",
    "Set aside  trainer-3-dddddd: no engine",
    "Objective  val_accuracy (maximize)",
    "Trials     2 of 10 ended",
    "Created    2026-01-01 00:00:00 UTC; has",
    "           taken 2m 05s without",
    "           interruptions",
    "Best       trial 0, 0.9842",
    "",
    "TRIAL  STATE       val_accuracy  LATEST",
    "0      completed   0.9842        -",
    "1      infeasible  -             -",
    "2      running     -             0.9842",
    "3      queued      -             -",
    "Left out at this width: stddev, units,",
    "  EPOCHS, TIME, ATTEMPT, TRAINER,",
    "  MESSAGE",
  ]);
});

test("show prints the state of a test until its end, and then its metrics", () => {
  const testRun = aTrial("test", {
    tests: "03",
    waiting: { trainers: undefined, reason: WaitReason.TRAINERS, message: "Waits for a free trainer." },
  });
  const lines = (study: Partial<Study>): string[] => studyDetails(aStudy(study), [], at(130));
  const queued = lines({ testRun: { ...testRun, attempt: 2, message: "Trainer x went silent." } });
  const text = "Trial 03, queued, attempt 2. Waits for a free trainer. Trainer x went silent.";
  assert.ok(queued.includes(`Test       ${text}`), queued.join("\n"));
  const completed = { ...testRun, state: TrialState.COMPLETED };
  const ended = lines({ testRun: completed, testMetrics: { auc: 0.75, rows: 42 } });
  const at0 = ended.indexOf("Test       auc 0.75");
  assert.deepEqual(ended.slice(at0, at0 + 2), ["Test       auc 0.75", "           rows 42"]);
});

test("show prints one trial with its curve at 60 columns", () => {
  const trial = aCompletedTrial("7", 0.96, { measurements: measurementsOf(13), values: values(0.033753882, 320) });
  assert.deepEqual(trialDetails(aStudy({ specJson: SPEC }), trial, at(130), layoutAt(60)), [
    "Trial      7 of study mnist-init",
    "State      completed",
    "Values     stddev 0.03375, units 320",
    "Objective  val_accuracy 0.96",
    "Time       started 2026-01-01 00:00:10 UTC, ended 2026-01-01",
    "           00:01:30 UTC; 1m 20s",
    "",
    "val_accuracy by epoch",
    "0.9615 |      *******",
    "       |   ***",
    "       |  *",
    "       | *",
    "       |",
    "       |",
    "       |",
    "   0.5 |*",
    "       +-------------",
    "        1          13",
    "",
    "EPOCH  loss     val_accuracy  LEARNING RATE  SECONDS",
    "1      1        0.5           0.001          2",
    "2      0.5      0.75          0.001          2",
    "3      0.3333   0.8333        0.001          2",
    "4      0.25     0.875         0.001          2",
    "5      0.2      0.9           0.001          2",
    "6      0.1667   0.9167        0.001          2",
    "8      0.125    0.9375        0.001          2",
    "9      0.1111   0.9444        0.001          2",
    "10     0.1      0.95          0.001          2",
    "11     0.09091  0.9545        0.001          2",
    "12     0.08333  0.9583        0.001          2",
    "13     0.07692  0.9615        0.001          2",
    "12 of 13 epochs; all of them: sintonia show mnist-init 7",
    "--csv epochs",
  ]);
});

test("list fits 60 and 40 columns, long names cut and wide ones measured", () => {
  const study = aStudy({ id: "a-very-long-study-name-with-a-suffix-a5f11c", bestTrialId: "0", settledCount: 1 });
  assert.deepEqual(studyTable([study, aStudy()], layoutAt(60)), [
    "STUDY                    STATE   TRIALS  BEST  TEST ACCURACY",
    "a-very-long-study-name…  active  1/10    0     -",
    "mnist-init               active  0/10    -     -",
    "Left out at this width: CREATED",
  ]);
  assert.deepEqual(studyTable([study, aStudy()], layoutAt(40)), [
    "STUDY                     STATE   TRIALS",
    "a-very-long-study-name-…  active  1/10",
    "mnist-init                active  0/10",
    "Left out at this width: BEST, TEST",
    "  ACCURACY, CREATED",
  ]);
});

test("no line of a report is wider than the terminal", () => {
  const { study, trials } = busy();
  const chosen = aSelection("0", { bestMeasuredTrialId: "4", optimism: 0.001 });
  const test = {
    loss: 0.081234,
    accuracy: 0.983,
    accuracyLow: 0.9803,
    accuracyHigh: 0.9854,
    examples: 10_000,
    scores: [],
    undefinedScores: [],
  };
  const ended = { ...study, state: StudyState.COMPLETED, selection: chosen, test, endedAt: at(500) };
  const all = [
    ...trials,
    aCompletedTrial("4", 0.99, { executionObjectives: [0.98, 1], measurements: measurementsOf(40) }),
  ];
  for (let columns = 20; columns <= 130; columns++) {
    const layout = layoutAt(columns);
    const reports = [
      studyDetails(ended, all, at(600), layout),
      summaryLines(resultsDocument(ended, all), "runs/mnist-init", layout),
      ...all.map((trial) => trialDetails(ended, trial, at(600), layout)),
      studyTable([study, ended], layout),
    ];
    for (const line of reports.flat()) assert.ok(widthOf(line) <= columns, `${columns} columns: ${line}`);
  }
});

test("a file gets whole lines at any length", () => {
  const { study, trials } = busy();
  const lines = studyDetails(study, trials, at(130));
  assert.ok(
    lines.some((line) => line.endsWith("Waits for a free trainer. Attempt 1 ended: Trainer trainer-2 went silent.")),
  );
  assert.ok(!lines.some((line) => line.startsWith("Left out")));
});
