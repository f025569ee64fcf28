import assert from "node:assert/strict";
import { test } from "node:test";
import { WatchStudyResponse } from "@sintonia/proto/sintonia/v1/admin";
import type { Study, Trial } from "@sintonia/proto/sintonia/v1/study";
import { applyUpdates } from "./progress.js";
import { secondsLeft } from "./time-left.js";
import { aCompletedTrial, aRunningTrial, aStudy } from "./trial.fixture.js";

function update(trials: Trial[], study: Study = aStudy()): WatchStudyResponse {
  return WatchStudyResponse.fromPartial({ study, trials, trainerCount: 2 } as never);
}

test("updates between two renderings leave the latest state of each trial", () => {
  const updates = [update([aRunningTrial("1", 3), aRunningTrial("0", 3)]), update([aRunningTrial("1", 4)])];
  const progress = applyUpdates(undefined, [...updates, update([aCompletedTrial("1", 0.9)])]);
  assert.deepEqual(
    [...(progress?.trials.values() ?? [])].map(({ id, epochs }) => [id, epochs]),
    [
      ["0", 3],
      ["1", 40],
    ],
  );
});

test("the spec of the first update stays", () => {
  const first = applyUpdates(undefined, [update([], aStudy({ specJson: "{}" }))]);
  assert.equal(applyUpdates(first, [update([], aStudy({ specJson: "" }))])?.study.specJson, "{}");
});

test("a state that readers hold does not change with the next update", () => {
  const first = applyUpdates(undefined, [update([aRunningTrial("0", 1)])]);
  applyUpdates(first, [update([aRunningTrial("0", 2)])]);
  assert.equal(first?.trials.get("0")?.epochs, 1);
});

test("the time left is that until the last trial ends", () => {
  // 40 epochs of 2 s are typical. 20 are left of each trial that runs; then one of the trainers
  // takes the trial that waits.
  const trials = [aCompletedTrial("0", 0.9), aRunningTrial("1", 20), aRunningTrial("2", 20)];
  const progress = applyUpdates(undefined, [update(trials)]);
  assert.equal(progress && secondsLeft(progress), 120);
});

test("the time left is unknown before a trial has completed", () => {
  const progress = applyUpdates(undefined, [update([aRunningTrial("1", 20)])]);
  assert.equal(progress && secondsLeft(progress), undefined);
});
