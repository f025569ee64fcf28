// Trials whose values give no plan.

import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { Scenario, specOf, TTL_MS } from "./scenario.fixture.js";
import { evolve } from "./state/evolve.js";
import type { Trial } from "./state/study.js";

/** The parameter feeds the learning rate, which must be above 0. */
const UNUSABLE = -1;
const REASON =
  "These values give no valid plan: training.optimizer.learningRate: received $stddev = -1, expected a number above 0.";

describe("a trial whose values give no plan", () => {
  it("is infeasible with the reason once a trainer asks for its lease", () => {
    const scenario = new Scenario();
    const trial = scenario.suggest(UNUSABLE);
    assert.deepEqual(acquire(scenario, trial), { kind: "refused", reason: "trial-settled" });
    const { state, message } = scenario.trial(0);
    assert.deepEqual({ state, message }, { state: "infeasible", message: REASON });
    assert.deepEqual(scenario.events.at(-1), { type: "trial-infeasible", trialId: "0", message: REASON });
  });

  it("makes way for the next suggestion", () => {
    const scenario = new Scenario();
    acquire(scenario, scenario.suggest(UNUSABLE));
    assert.deepEqual(scenario.takeEffects().at(-1), {
      type: "request-suggestions",
      trialNumber: 1,
      basis: 3,
      count: 1,
    });
    assert.equal(scenario.complete(0.9).state, "completed");
  });

  it("ends a study in which no values give a plan, with the last reason", () => {
    const scenario = new Scenario(specOf({ maxTrials: 2 }));
    for (let number = 0; number < 2; number++) acquire(scenario, scenario.suggest(UNUSABLE));
    const { status, message } = scenario.study;
    assert.equal(status, "failed");
    assert.equal(message, `No trial completed, so there is no best model. The last one: ${REASON}`);
  });

  it("is infeasible also under a lease that a log has granted", () => {
    const scenario = new Scenario();
    const trial = scenario.suggest(UNUSABLE);
    const granted = { type: "lease-granted", trialId: "0", attempt: 1, token: 1, trainerId: "trainer-1" } as const;
    scenario.state = { ...scenario.state, study: evolve(scenario.study, granted, 0) };
    assert.deepEqual(acquire(scenario, trial, "trainer-2"), { kind: "refused", reason: "already-leased" });
    assert.deepEqual(acquire(scenario, trial), { kind: "refused", reason: "trial-settled" });
    assert.equal(scenario.trial(0).state, "infeasible");
  });

  it("is infeasible also in a later attempt", () => {
    const scenario = new Scenario();
    const trial = scenario.suggest(UNUSABLE);
    const granted = { type: "lease-granted", trialId: "0", attempt: 1, token: 1, trainerId: "gone" } as const;
    const requeued = { type: "trial-requeued", trialId: "0", attempt: 2, reason: "silent" } as const;
    const study = evolve(evolve(scenario.study, granted, 0), requeued, TTL_MS);
    scenario.state = { ...scenario.state, study };
    acquire(scenario, { ...trial, attempt: 2 });
    assert.equal(scenario.trial(0).state, "infeasible");
  });
});

function acquire(scenario: Scenario, { id, attempt }: Trial, trainerId = "trainer-1") {
  return scenario.submit({ type: "acquire-lease", trialId: id, attempt, trainerId });
}
