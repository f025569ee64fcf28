import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { epochOf, Scenario, specOf, WEIGHTS } from "./scenario.fixture.js";

describe("the deletion of a study", () => {
  it("refuses a study that has not ended, and changes nothing", () => {
    const scenario = new Scenario();
    scenario.suggest();
    const before = scenario.study;
    const answer = scenario.submit({ type: "delete-study", cancels: false });
    assert.deepEqual(answer, { kind: "rejected", rejection: { code: "STUDY_OPEN", status: "active" } });
    assert.equal(scenario.study, before);
  });

  it("cancels the trials of an open study on request: queued ones are withdrawn, trainers are told to stop", () => {
    const scenario = new Scenario(specOf(), 2);
    const lease = scenario.lease(scenario.suggest());
    scenario.report(lease, epochOf(0, 0.9));
    const queued = scenario.suggest();
    assert.deepEqual(scenario.submit({ type: "delete-study", cancels: true }), { kind: "done" });
    const types = scenario.events.slice(-4).map(({ type }) => type);
    assert.deepEqual(types, ["trial-cancelled", "trial-cancelled", "study-ended", "study-deleted"]);
    assert.deepEqual(scenario.effects.slice(-2), [
      { type: "withdraw-assignment", trialId: queued.id },
      { type: "erase-study" },
    ]);
    assert.deepEqual(scenario.submit({ type: "heartbeat", lease }), { kind: "stop" });
  });

  it("deletes an ended study once", () => {
    const scenario = new Scenario();
    scenario.submit({ type: "stop-study", reason: "enough" });
    assert.deepEqual(scenario.submit({ type: "delete-study", cancels: false }), { kind: "done" });
    assert.equal(scenario.study.isDeleted, true);
    const { length } = scenario.events;
    assert.deepEqual(scenario.submit({ type: "delete-study", cancels: false }), { kind: "done" });
    assert.equal(scenario.events.length, length);
  });

  it("is the last event: whatever a late trainer or the oracle says afterwards adds none", () => {
    const scenario = new Scenario();
    const lease = scenario.lease(scenario.suggest());
    scenario.submit({ type: "delete-study", cancels: true });
    const { length } = scenario.events;
    scenario.report(lease, epochOf(0, 0.9));
    scenario.submit({ type: "complete-trial", lease, weights: WEIGHTS, keptEpochs: [] });
    scenario.submit({ type: "fail-trial", lease, kind: "error", message: "It broke." });
    scenario.submit({ type: "acquire-lease", trialId: lease.trialId, attempt: 1, trainerId: "trainer-2" });
    scenario.submit({ type: "stop-study", reason: "enough" });
    scenario.submit({
      type: "suggestions-ready",
      trialNumber: 1,
      basis: 1,
      suggestions: [{ values: { stddev: 0.1 }, source: "random" }],
    });
    scenario.tick();
    assert.equal(scenario.events.length, length);
    assert.equal(scenario.events.at(-1)?.type, "study-deleted");
  });
});
