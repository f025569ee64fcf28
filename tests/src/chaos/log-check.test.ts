import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { StudyEvent } from "@sintonia/coordinator/core/state/event";
import { problemsOfBroken, problemsOfLog, problemsOfResumption } from "./log-check.js";

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

describe("the check of resumption", () => {
  const NONE = new Set<string>();
  const saved = (epoch: number) =>
    ({
      type: "checkpoint-saved",
      trialId: "0",
      artifact: { sha256: `c${epoch}` },
      execution: 0,
      epoch,
    }) as unknown as StudyEvent;
  const resumed = (epoch: number) => ({ ...saved(epoch), type: "trial-resumed", sha256: `c${epoch}` }) as StudyEvent;
  const reported = { type: "epoch-reported", trialId: "0" } as unknown as StudyEvent;
  const lost = [granted("0", 1), reported, saved(0), reported, saved(1), granted("0", 2)];

  it("accepts an attempt that resumes from the newest checkpoint, or ends before", () => {
    assert.deepEqual(problemsOfResumption([...lost, resumed(1), reported], NONE), []);
    assert.deepEqual(problemsOfResumption([...lost, granted("0", 3), resumed(1)], NONE), []);
  });

  it("finds an attempt that begins anew or resumes from an older checkpoint", () => {
    assert.deepEqual(problemsOfResumption([...lost, reported], NONE), [
      "an attempt at trial 0 began anew, with a checkpoint of epoch 1",
    ]);
    assert.deepEqual(problemsOfResumption([...lost, resumed(0)], NONE), [
      "an attempt at trial 0 resumed after epoch 0, with a checkpoint of epoch 1",
    ]);
  });

  it("expects the checkpoint before a damaged one", () => {
    assert.deepEqual(problemsOfResumption([...lost, resumed(0)], new Set(["c1"])), []);
    assert.equal(problemsOfResumption([...lost, reported], new Set(["c1"])).length, 1);
    assert.deepEqual(problemsOfResumption([...lost, reported], new Set(["c0", "c1"])), []);
  });
});

describe("the check of broken trainers", () => {
  const setAside = { type: "trainer-set-aside", trainerId: "broken-disk-a", trialId: "0", reason: "no disk" } as const;

  it("finds one that was not set aside, or without a reason", () => {
    assert.deepEqual(problemsOfBroken([setAside], ["broken-disk"]), []);
    assert.equal(problemsOfBroken([setAside], ["broken-path"]).length, 1);
    assert.equal(problemsOfBroken([{ ...setAside, reason: "" }], ["broken-disk"]).length, 1);
  });

  it("finds an attempt that one cost", () => {
    const lease = { ...granted("0", 1), trainerId: setAside.trainerId } as StudyEvent;
    const requeued = { type: "trial-requeued", trialId: "0", attempt: 2, reason: "no disk" } as const;
    const problems = (counted: boolean) =>
      problemsOfBroken([lease, { ...requeued, counted }, setAside], ["broken-disk"]);
    assert.deepEqual([problems(false).length, problems(true).length], [0, 1]);
  });
});
