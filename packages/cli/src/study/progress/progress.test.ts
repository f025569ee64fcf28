import assert from "node:assert/strict";
import { test } from "node:test";
import { WatchStudyResponse } from "@sintonia/proto/sintonia/v1/admin";
import { Goal, type Study, StudyState, type Trial, TrialState, WaitReason } from "@sintonia/proto/sintonia/v1/study";
import { aCompletedTrial, aRunningTrial, aSelection, aStudy, aTrial, at } from "../study.fixture.js";
import { applyUpdate, type ProgressEvent, type StudyProgress } from "./progress.js";

function update(
  before: StudyProgress | undefined,
  trials: Trial[],
  study: Study = aStudy(),
): ReturnType<typeof applyUpdate> {
  return applyUpdate(before, WatchStudyResponse.fromPartial({ study, trials, trainerCount: 2 } as never));
}

function names(events: readonly ProgressEvent[]): string[] {
  return events.map((event) => ("trial" in event ? `${event.kind} ${event.trial.id}` : event.kind));
}

test("the first message makes events for trials under way, not for ended trials", () => {
  const { progress, events } = update(undefined, [aCompletedTrial("00", 0.98), aRunningTrial("01", 3), aTrial("02")]);
  assert.deepEqual(names(events), ["trial-started 01", "epoch 01"]);
  assert.deepEqual([...progress.trials.keys()], ["00", "01", "02"]);
});

test("a trial that ends makes one event with the best objective up to it", () => {
  const { progress } = update(undefined, [aCompletedTrial("00", 0.985), aRunningTrial("01", 3)]);
  const { events } = update(progress, [aCompletedTrial("01", 0.98)]);
  assert.deepEqual(names(events), ["trial-ended 01"]);
  assert.equal(events[0]?.kind === "trial-ended" && events[0].bestSoFar, 0.985);
});

test("the best of a minimized objective is the smallest", () => {
  const study = aStudy({ goal: Goal.MINIMIZE });
  const { progress } = update(undefined, [aCompletedTrial("00", 0.3), aRunningTrial("01", 3)], study);
  const { events } = update(progress, [aCompletedTrial("01", 0.2)], study);
  assert.equal(events[0]?.kind === "trial-ended" && events[0].bestSoFar, 0.2);
});

test("a replicate makes events and is never the best", () => {
  const { progress } = update(undefined, [aCompletedTrial("00", 0.98)]);
  const { events } = update(progress, [aCompletedTrial("10", 0.99, { replicates: { trialId: "00", round: 0 } })]);
  assert.deepEqual(names(events), ["trial-ended 10"]);
  assert.equal(events[0]?.kind === "trial-ended" && events[0].bestSoFar, 0.98);
});

test("trials that end in one message make events in the order of their ends", () => {
  const { progress } = update(undefined, []);
  const late = aCompletedTrial("00", 0.99, { endedAt: at(200) });
  const { events } = update(progress, [late, aCompletedTrial("01", 0.98, { endedAt: at(100) })]);
  assert.deepEqual(names(events), ["trial-ended 01", "trial-ended 00"]);
  assert.equal(events[0]?.kind === "trial-ended" && events[0].bestSoFar, 0.98);
});

test("the spec of the first message is kept", () => {
  const { progress } = update(undefined, []);
  const { study } = update(progress, [], aStudy({ specJson: "", trialCount: 3 })).progress;
  assert.deepEqual([study.specJson, study.trialCount], [aStudy().specJson, 3]);
});

test("a repeat after a reconnection makes no event", () => {
  const trials = [aCompletedTrial("00", 0.98), aRunningTrial("01", 3), aTrial("02")];
  const { progress } = update(undefined, trials);
  assert.deepEqual(update(progress, trials).events, []);
});

test("a trial that is requeued and started again makes an event each time", () => {
  const { progress } = update(undefined, [aRunningTrial("00", 3)]);
  const requeued = update(progress, [aTrial("00", { attempt: 2 })]);
  assert.deepEqual(names(requeued.events), ["trial-requeued 00"]);
  const again = update(requeued.progress, [aTrial("00", { attempt: 2, state: TrialState.LEASED })]);
  assert.deepEqual(names(again.events), ["trial-started 00"]);
});

test("an attempt that was lost and replaced between two messages counts as a new start", () => {
  const { progress } = update(undefined, [aRunningTrial("00", 3)]);
  assert.deepEqual(names(update(progress, [aRunningTrial("00", 1, { attempt: 2 })]).events), [
    "trial-started 00",
    "epoch 00",
  ]);
});

test("several epochs in one message make one event", () => {
  const { progress } = update(undefined, [aRunningTrial("00", 3)]);
  assert.deepEqual(names(update(progress, [aRunningTrial("00", 6)]).events), ["epoch 00"]);
});

test("a new reason to wait makes one event, and so does each of the last steps", () => {
  const waiting = { trainers: undefined, reason: WaitReason.TRAINERS, message: "no trainer is there" };
  const first = update(undefined, [], aStudy({ waiting }));
  assert.deepEqual(first.events, [{ kind: "study-waiting", message: "no trainer is there" }]);
  assert.deepEqual(update(first.progress, [], aStudy({ waiting })).events, []);
  const asking = aStudy({
    waiting: { trainers: undefined, reason: WaitReason.ORACLE, message: "the oracle computes" },
  });
  assert.deepEqual(update(first.progress, [], asking).events, []);
  const choosing = update(first.progress, [], aStudy({ state: StudyState.FINALIZING }));
  assert.deepEqual(choosing.events, [{ kind: "final-step" }]);
  const chosen = aStudy({ state: StudyState.FINALIZING, selection: aSelection("00") });
  const evaluating = update(choosing.progress, [], chosen);
  assert.deepEqual(evaluating.events, [{ kind: "final-step" }]);
  assert.deepEqual(update(evaluating.progress, [], chosen).events, []);
});
