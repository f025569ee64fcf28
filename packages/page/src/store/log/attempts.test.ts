import assert from "node:assert/strict";
import { test } from "node:test";
import { StudyEvent } from "@sintonia/proto/sintonia/v1/admin";
import { at } from "../study/trial.fixture.js";
import { attemptsOf, weightsOf } from "./attempts.js";

function event(seconds: number, type: string, fields: object = {}): StudyEvent {
  return StudyEvent.fromPartial({ at: at(seconds), type, trialId: "3", json: JSON.stringify({ type, ...fields }) });
}

const granted = (seconds: number, attempt: number, trainerId: string) =>
  event(seconds, "lease-granted", { attempt, trainerId });

test("a lost lease ends an attempt, and the next lease begins another one", () => {
  const lost = event(20, "trial-requeued", { attempt: 2, reason: "the lease expired" });
  const attempts = attemptsOf([event(0, "trial-queued"), granted(10, 1, "a"), lost, granted(30, 2, "b")]);
  assert.deepEqual(
    attempts.map(({ attempt, trainerId, end, reason }) => [attempt, trainerId, end, reason]),
    [
      [1, "a", "requeued", "the lease expired"],
      [2, "b", "running", ""],
    ],
  );
  assert.deepEqual([attempts[0]?.from, attempts[0]?.to], [at(10), at(20)]);
});

test("a trial that was cancelled in the queue had no attempt", () => {
  assert.deepEqual(attemptsOf([event(0, "trial-queued"), event(5, "trial-cancelled")]), []);
});

test("an event that cannot be read ends the attempt without a reason", () => {
  const damaged = { ...event(9, "trial-failed"), json: "{" };
  assert.deepEqual(
    attemptsOf([granted(0, 1, "a"), damaged]).map(({ end, reason }) => [end, reason]),
    [["failed", ""]],
  );
});

test("the weights of a trial are those of its completion", () => {
  const weights = { kind: "weights", sha256: "ab", sizeBytes: 7 };
  assert.deepEqual(weightsOf([granted(0, 1, "a"), event(9, "trial-completed", { weights })]), {
    sha256: "ab",
    sizeBytes: 7,
  });
  assert.equal(weightsOf([granted(0, 1, "a")]), undefined);
});
