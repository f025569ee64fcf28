import assert from "node:assert/strict";
import { test } from "node:test";
import { TrialState } from "@sintonia/proto/sintonia/v1/study";
import { aCompletedTrial, aStudy, aTrial, at } from "../study/study.fixture.js";
import { trialBlock } from "./trial-block.js";

test("a trial that completed prints KerasTuner's block", () => {
  const trial = aCompletedTrial("03", Math.fround(0.9842), { startedAt: at(100), endedAt: at(118) });
  assert.deepEqual(trialBlock(aStudy(), trial, Math.fround(0.9851)), [
    "",
    "Trial 03 Complete [00h 00m 18s]",
    "val_accuracy: 0.9842",
    "",
    "Best val_accuracy So Far: 0.9851",
    "Total elapsed time: 00h 01m 58s",
  ]);
});

test("a trial that diverged prints its state and the reason, and no score", () => {
  const trial = aTrial("04", {
    state: TrialState.INFEASIBLE,
    message: "loss became NaN",
    startedAt: at(0),
    endedAt: at(5),
  });
  assert.deepEqual(trialBlock(aStudy(), trial, undefined).slice(0, 5), [
    "",
    "Trial 04 Infeasible [00h 00m 05s]",
    "loss became NaN",
    "",
    "Best val_accuracy So Far: None",
  ]);
});
