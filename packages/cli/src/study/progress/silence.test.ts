import assert from "node:assert/strict";
import { test } from "node:test";
import { aCompletedTrial, aRunningTrial, at } from "../study.fixture.js";
import { isConspicuous, silentSeconds } from "./silence.js";

test("a trial is silent since its last report, or since its attempt began", () => {
  assert.equal(silentSeconds(aRunningTrial("0", 3, { reportedAt: at(40) }), at(100)), 60);
  assert.equal(silentSeconds(aRunningTrial("0", 0, { latest: undefined }), at(100)), 90);
  assert.equal(silentSeconds(aRunningTrial("0", 3), at(100)), undefined, "the coordinator does not say");
  assert.equal(silentSeconds(aCompletedTrial("0", 0.9, { reportedAt: at(40) }), at(100)), undefined);
});

test("a silence is conspicuous after a minute, and after three epochs", () => {
  const ofSeconds = (seconds: number) => {
    const trial = aRunningTrial("0", 3);
    return { ...trial, latest: trial.latest && { ...trial.latest, seconds } };
  };
  assert.deepEqual(
    [59, 60].map((seconds) => isConspicuous(ofSeconds(2), seconds)),
    [false, true],
  );
  assert.deepEqual(
    [299, 300].map((seconds) => isConspicuous(ofSeconds(100), seconds)),
    [false, true],
  );
  assert.equal(isConspicuous(aRunningTrial("0", 0, { latest: undefined }), 60), true);
});
