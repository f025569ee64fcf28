import assert from "node:assert/strict";
import { test } from "node:test";
import type { StudyEvent } from "@sintonia/coordinator/core/state/event";
import { eventText, subjectOf } from "./event-text.js";

const WEIGHTS = { kind: "weights", sha256: "a".repeat(64), sizeBytes: 1 } as const;

/** Events whose words depend on their fields. */
const TEXTS: readonly (readonly [event: unknown, subject: string, text: string])[] = [
  [{ type: "oracle-exhausted" }, "study", "gets no further trials: the oracle has no other suggestion"],
  [{ type: "oracle-exhausted", reason: "it broke" }, "study", "gets no further trials: it broke"],
  [
    { type: "trial-queued", trialId: "4", values: { units: 64, act: "relu" }, replicates: {} },
    "trial 4",
    "queued to execute a contender again: units 64, act relu",
  ],
  [
    { type: "trial-completed", trialId: "4", objective: 0.98765432, weights: WEIGHTS },
    "trial 4",
    "completed: objective 0.9877",
  ],
  [
    { type: "trial-completed", trialId: "4", objective: null, weights: WEIGHTS },
    "trial 4",
    "completed: objective unknown",
  ],
  [
    { type: "trial-requeued", trialId: "4", attempt: 2, reason: "the process died" },
    "trial 4",
    "back in the queue for attempt 2: the process died",
  ],
  [{ type: "contenders-chosen", trialIds: [] }, "study", "executes again: no trial"],
  [{ type: "contenders-chosen", trialIds: ["1", "2"] }, "study", "executes again: 1, 2"],
  [
    { type: "test-completed", trialId: "test", metrics: { acc: 0.5 }, weights: WEIGHTS },
    "trial test",
    "completed: acc 0.5",
  ],
  [{ type: "study-ended", status: "failed", message: "no trial completed" }, "study", "failed: no trial completed"],
  [
    { type: "study-ended", status: "completed", test: { loss: 0.25, accuracy: 0.9835 } },
    "study",
    "completed, test loss 0.25, accuracy 0.9835",
  ],
  [
    { type: "study-ended", status: "completed", test: { loss: 2, accuracy: 0, scores: [{ name: "mae", value: 1.5 }] } },
    "study",
    "completed, test loss 2, mae 1.5",
  ],
];

for (const [event, subject, text] of TEXTS) {
  test(`${(event as StudyEvent).type}: ${text}`, () => {
    assert.equal(subjectOf(event as StudyEvent), subject);
    assert.equal(eventText(event as StudyEvent), text);
  });
}

test("an event with other fields than this version knows is named by its type", () => {
  assert.equal(eventText({ type: "trial-failed" }), "trial-failed (not known to this version)");
});
