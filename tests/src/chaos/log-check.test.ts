import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { StudyEvent } from "@sintonia/coordinator/core/state/event";
import { problemsOfLog } from "./log-check.js";

const queued = (trialId: string): StudyEvent =>
  ({ type: "trial-queued", trialId, values: {}, source: "oracle" }) as unknown as StudyEvent;
const granted = (trialId: string, token: number): StudyEvent => ({
  type: "lease-granted",
  trialId,
  attempt: 1,
  token,
  trainerId: "t",
});
const failed = (trialId: string): StudyEvent => ({ type: "trial-failed", trialId, message: "no" });

describe("the check of a log", () => {
  it("accepts trials that settle once", () => {
    assert.deepEqual(problemsOfLog([queued("0"), granted("0", 1), queued("1"), failed("0"), failed("1")]), []);
  });

  it("finds a trial that settles twice", () => {
    assert.deepEqual(problemsOfLog([queued("0"), failed("0"), failed("0")]), [
      "trial-failed of trial 0, which is settled",
    ]);
  });

  it("finds a lease of a settled trial", () => {
    assert.deepEqual(problemsOfLog([queued("0"), failed("0"), granted("0", 1)]), [
      "lease-granted of trial 0, which is settled",
    ]);
  });

  it("finds a trial that never settles", () => {
    assert.deepEqual(problemsOfLog([queued("0"), granted("0", 1)]), ["trial 0 is not settled"]);
  });

  it("finds a token that comes again", () => {
    const events = [queued("0"), granted("0", 2), granted("0", 2), failed("0")];
    assert.deepEqual(problemsOfLog(events), ["token 2 follows token 2"]);
  });
});
