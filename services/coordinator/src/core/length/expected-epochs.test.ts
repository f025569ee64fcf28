import assert from "node:assert/strict";
import { test } from "node:test";
import type { LeaseKey } from "@sintonia/protocol/lease";
import type { NetworkStudy, StudySpec } from "@sintonia/tuning/spec/study-spec";
import { epochOf, Scenario, specOf } from "../scenario.fixture.js";
import { expectedEpochsOf } from "./expected-epochs.js";

const EARLY = { type: "EarlyStopping", monitor: "val_accuracy", patience: 10 };

/** A study whose first trial is queued. */
function scenarioOf(training: object = { callbacks: [EARLY] }, budget: Partial<StudySpec["budget"]> = {}): Scenario {
  const spec: NetworkStudy = specOf({ maxTrials: 1, ...budget });
  const scenario = new Scenario({ ...spec, training: { ...(spec.training as object), ...training } });
  scenario.suggest();
  return scenario;
}

/** Reports epochs with these objectives. */
function train(scenario: Scenario, lease: LeaseKey, objectives: readonly number[], execution = 0): number {
  for (const [epoch, value] of objectives.entries()) scenario.report(lease, epochOf(epoch, value, execution));
  return expected(scenario);
}

function expected({ study }: Scenario): number {
  return expectedEpochsOf(study, study.trials[0] ?? assert.fail("no trial")) ?? Number.NaN;
}

const constant = (count: number) => new Array<number>(count).fill(0.9);

test("a trial is expected to end a while after its best epoch", () => {
  const scenario = scenarioOf();
  const before = expected(scenario);
  assert.ok(before > 10 && before < 100, `${before}`);
  const after = train(scenario, scenario.lease(scenario.trial(0)), constant(10));
  assert.ok(after >= 11 && after < before, `${before}, ${after}`);
});

test("early stopping counts from the best epoch of the metric that it monitors", () => {
  const rising = Array.from({ length: 10 }, (_, epoch) => 0.5 + epoch / 100);
  const trainUnder = (scenario: Scenario) => train(scenario, scenario.lease(scenario.trial(0)), rising);
  const byAccuracy = trainUnder(scenarioOf());
  // The loss of every epoch is the same, so that the first one is the best.
  const byLoss = trainUnder(scenarioOf({ callbacks: [{ ...EARLY, monitor: "val_loss" }] }));
  assert.ok(byLoss < byAccuracy - 5, `${byLoss}, ${byAccuracy}`);
});

test("a trial of several executions has the epochs of the ones before and after", () => {
  assert.equal(expected(scenarioOf({}, { executionsPerTrial: 3 })), 300);
  const early = scenarioOf(undefined, { executionsPerTrial: 3 });
  const fresh = expected(early) / 3;
  const lease = early.lease(early.trial(0));
  train(early, lease, constant(11));
  assert.ok(Math.abs(train(early, lease, [0.9], 1) - 11 - 2 * fresh) < 1e-9);
});

test("nothing is expected of a trial that has ended", () => {
  const scenario = scenarioOf();
  scenario.train(scenario.trial(0), 0.9);
  assert.equal(expected(scenario), Number.NaN);
});
