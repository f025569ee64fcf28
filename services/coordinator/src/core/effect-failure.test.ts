// Effects that failed for good: none is repeated without end.

import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { Effect } from "./boundary/effect.js";
import { Scenario, specOf, WEIGHTS } from "./scenario.fixture.js";

describe("an effect that failed for good", () => {
  it("fails the queued trial whose assignment cannot be offered", () => {
    const scenario = new Scenario();
    scenario.suggest();
    fail(scenario, { type: "publish-assignment", trialId: "0", attempt: 1 });
    const { state, message } = scenario.trial(0);
    assert.deepEqual([state, message], ["failed", "The trial could not be offered to trainers: broken"]);
  });

  it("leaves a trial alone that a trainer has got in the meantime", () => {
    const scenario = new Scenario();
    const trial = scenario.suggest();
    scenario.lease(trial);
    fail(scenario, { type: "publish-assignment", trialId: "0", attempt: 1 });
    assert.equal(scenario.trial(0).state, "leased");
  });

  it("ends the search of an oracle without an answer, and finalizes the study with the reason", () => {
    const scenario = new Scenario();
    scenario.complete(0.9);
    scenario.takeEffects();
    fail(scenario, { type: "request-suggestions", trialNumber: 1, basis: 5, count: 1 });
    const { status, message } = scenario.study;
    assert.deepEqual([status, message], ["finalizing", "The oracle failed: broken"]);
    assert.deepEqual(scenario.takeEffects(), [{ type: "select-best" }]);
  });

  it("ends a study whose oracle never answers", () => {
    const scenario = new Scenario();
    fail(scenario, { type: "request-suggestions", trialNumber: 0, basis: 1, count: 1 });
    const { status, message } = scenario.study;
    const expected = "No trial completed, so there is no best model. The oracle failed: broken";
    assert.deepEqual([status, message], ["failed", expected]);
  });

  it("goes on without contenders that cannot be chosen", () => {
    const selection = { rule: "replicate", top: 2, executions: 2 } as const;
    const scenario = new Scenario({ ...specOf({ maxTrials: 2 }), selection });
    scenario.complete(0.9);
    scenario.complete(0.8);
    fail(scenario, { type: "choose-contenders", count: 2, reopenings: 0 });
    assert.equal(scenario.study.status, "finalizing");
  });

  it("ends a study whose best trial cannot be chosen", () => {
    const scenario = new Scenario(specOf({ maxTrials: 1 }));
    scenario.complete(0.9);
    fail(scenario, { type: "select-best" });
    const { status, message } = scenario.study;
    assert.deepEqual([status, message], ["failed", "The best trial could not be chosen: broken"]);
  });

  it("ends a study whose best trial gives no plan", () => {
    const scenario = new Scenario(specOf({ maxTrials: 1 }));
    scenario.complete(0.9);
    scenario.select("0");
    fail(scenario, { type: "evaluate-best", trialId: "0", weights: WEIGHTS });
    const { status, message } = scenario.study;
    assert.deepEqual([status, message], ["failed", "Trial 0 is the best but cannot be evaluated: broken"]);
  });
});

function fail(scenario: Scenario, effect: Effect): void {
  scenario.submit({ type: "effect-failed", effect, message: "broken" });
}
