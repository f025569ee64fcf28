import assert from "node:assert/strict";
import { test } from "node:test";
import { resultsDocument } from "../../study/documents/results.js";
import { aCompletedTrial, aStudy, aTrial } from "../../study/study.fixture.js";
import { executionLines } from "./executions-table.js";

test("lists the executions of the best trial and the replicates of each trial", () => {
  const best = aCompletedTrial("01", 0.975, { executionObjectives: [0.97, 0.98], executionDeviation: 0.00707 });
  const again = ["01", "00", "01", "00"].map((trialId, i) =>
    i === 3
      ? aTrial(`0${i + 2}`, { replicates: { trialId, round: 1 } })
      : aCompletedTrial(`0${i + 2}`, 0.96 + i / 100, { replicates: { trialId, round: i >> 1 } }),
  );
  const lines = executionLines(resultsDocument(aStudy({ bestTrialId: "01" }), [best, ...again]));
  assert.deepEqual(lines, [
    "",
    "Executions (val_accuracy):",
    "                        mean   deviation  each",
    "trial 01                0.975  0.00707    0.97, 0.98",
    "replicates of trial 01  0.97   0.0141     0.96, 0.98",
    "replicates of trial 00  0.97   -          0.97",
  ]);
});

test("prints no table if every trial was executed once", () => {
  assert.deepEqual(executionLines(resultsDocument(aStudy({ bestTrialId: "00" }), [aCompletedTrial("00", 0.9)])), []);
});
