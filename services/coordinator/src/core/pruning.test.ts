// Trials that the pruner ends, or pauses at a rung.

import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { PrunerSettings } from "@sintonia/tuning/pruner/contract/settings";
import { suggestionRequest } from "./query/oracle-request.js";
import { epochOf, Scenario, specOf, WEIGHTS } from "./scenario.fixture.js";

const MEDIAN: PrunerSettings = { type: "median", startupTrials: 2, warmupEpochs: 0, interval: 1, minTrials: 1 };
const BELOW: PrunerSettings = { type: "threshold", lower: 0.5, warmupEpochs: 0, interval: 1 };

/** Returns a study with a pruner, whose trials run one after another. */
function studyWith(pruner: PrunerSettings, budget = { maxTrials: 4 }): Scenario {
  return new Scenario({ ...specOf(budget), pruner });
}

/** Completes a new trial with these objectives. */
function complete(scenario: Scenario, ...objectives: readonly number[]): void {
  const lease = scenario.lease(scenario.suggest());
  for (const [epoch, objective] of objectives.entries()) scenario.report(lease, epochOf(epoch, objective));
  scenario.submit({ type: "complete-trial", lease, weights: WEIGHTS, keptEpochs: [] });
}

describe("a study with a pruner", () => {
  it("ends a trial that is behind, with the evidence, and tells its trainer to stop", () => {
    const scenario = studyWith(MEDIAN);
    complete(scenario, 0.8, 0.9);
    complete(scenario, 0.7, 0.9);
    const lease = scenario.lease(scenario.suggest());
    assert.equal(scenario.report(lease, epochOf(0, 0.6)).kind, "stop");
    const { state, message, evidence, objective, measurements, endedAt } = scenario.trial(2);
    assert.equal(state, "pruned");
    assert.equal(evidence?.pruner, "median");
    assert.deepEqual([evidence.execution, evidence.epoch, evidence.value, evidence.limit], [0, 0, 0.6, 0.75]);
    assert.match(message ?? "", /val_accuracy, 0\.6, .* 0\.75/);
    assert.deepEqual([objective, measurements.length], [undefined, 1]);
    assert.ok(endedAt !== undefined);
  });

  it("goes on with a trial that is not behind", () => {
    const scenario = studyWith(MEDIAN);
    complete(scenario, 0.8, 0.9);
    complete(scenario, 0.7, 0.9);
    const lease = scenario.lease(scenario.suggest());
    assert.equal(scenario.report(lease, epochOf(0, 0.76)).kind, "continue");
    assert.equal(scenario.trial(2).state, "running");
  });

  it("answers a repeated report of a pruned trial, and its heartbeat, with stop", () => {
    const scenario = studyWith(BELOW);
    const lease = scenario.lease(scenario.suggest());
    scenario.report(lease, epochOf(0, 0.4));
    assert.equal(scenario.report(lease, epochOf(0, 0.4)).kind, "stop");
    assert.equal(scenario.submit({ type: "heartbeat", lease }).kind, "stop");
    assert.equal(scenario.events.filter(({ type }) => type === "trial-pruned").length, 1);
  });

  it("does not end a trial after the last epoch of its plan", () => {
    const spec = specOf();
    const training = { ...(spec.training as object), maxEpochs: 2 };
    const scenario = new Scenario({ ...spec, training, pruner: BELOW });
    const lease = scenario.lease(scenario.suggest());
    scenario.report(lease, epochOf(0, 0.6));
    assert.equal(scenario.report(lease, epochOf(1, 0.4)).kind, "continue");
  });

  it("counts a pruned trial as one of its budget, not as a failure", () => {
    const scenario = studyWith(BELOW, { maxTrials: 4 });
    for (let trial = 0; trial < 3; trial++) scenario.report(scenario.lease(scenario.suggest()), epochOf(0, 0.4));
    assert.deepEqual([scenario.study.consecutiveFailures, scenario.study.status], [0, "active"]);
    complete(scenario, 0.6);
    assert.equal(scenario.study.status, "finalizing");
  });

  it("fails if every trial was pruned, and says why", () => {
    const scenario = studyWith(BELOW, { maxTrials: 1 });
    scenario.report(scenario.lease(scenario.suggest()), epochOf(0, 0.4));
    assert.equal(scenario.study.status, "failed");
    assert.match(scenario.study.message ?? "", /No trial completed.*0\.4.*0\.5/);
  });

  it("tells the oracle of a pruned trial's best objective", () => {
    const scenario = studyWith(BELOW);
    const lease = scenario.lease(scenario.suggest(0.02));
    scenario.report(lease, epochOf(0, 0.4));
    const { pruned, completed } = suggestionRequest(scenario.study, 1);
    assert.deepEqual([pruned, completed], [[{ values: { stddev: 0.02 }, objective: 0.4 }], []]);
  });
});
