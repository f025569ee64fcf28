import assert from "node:assert/strict";
import { test } from "node:test";
import type { OracleName } from "@sintonia/tuning/spec/study-spec";
import { suggestionRequest } from "../query/oracle-request.js";
import { Scenario, specOf } from "../scenario.fixture.js";

test("goes on after three failures in a row that the oracle could not avoid, and asks it for caution", () => {
  const scenario = scenarioOf("bayesian");
  scenario.complete(0.9);
  failTogether(scenario, 3);
  assert.equal(scenario.study.status, "active");
  assert.equal(suggestionRequest(scenario.study, 4).isCautious, true);
});

test("fails once a cautious trial fails", () => {
  const scenario = scenarioOf("bayesian");
  scenario.complete(0.9);
  failTogether(scenario, 2);
  assert.equal(scenario.study.status, "active");
  scenario.fail();
  assert.equal(scenario.study.status, "failed");
});

test("forgets its caution once a trial completes", () => {
  const scenario = scenarioOf("bayesian");
  scenario.complete(0.9);
  failTogether(scenario, 3);
  scenario.complete(0.8);
  assert.equal(suggestionRequest(scenario.study, 5).isCautious, false);
  failTogether(scenario, 2);
  assert.equal(scenario.study.status, "active");
});

test("fails after three failures in a row if no trial completed, or the oracle does not learn", () => {
  const without = scenarioOf("bayesian");
  failTogether(without, 3);
  assert.equal(without.study.status, "failed");
  const random = scenarioOf("random");
  random.complete(0.9);
  failTogether(random, 3);
  assert.notEqual(random.study.status, "active");
});

/** Fails trials that were all queued before the first of them failed. */
function failTogether(scenario: Scenario, count: number): void {
  const leases = Array.from({ length: count }, () => scenario.lease(scenario.suggest()));
  for (const lease of leases) scenario.submit({ type: "fail-trial", lease, kind: "error", message: "It broke." });
}

function scenarioOf(type: OracleName): Scenario {
  return new Scenario({ ...specOf({ maxTrials: 20 }), oracle: { type } }, 1);
}
