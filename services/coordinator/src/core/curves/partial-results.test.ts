import assert from "node:assert/strict";
import { it } from "node:test";
import type { OracleSettings } from "@sintonia/tuning/spec/study-spec";
import { suggestionRequest } from "../query/oracle-request.js";
import { epochOf, Scenario, specOf, WEIGHTS } from "../scenario.fixture.js";
import { evolveAll } from "../state/evolve.js";

const MAX_EPOCHS = 9;

function scenarioOf(oracle: OracleSettings): Scenario {
  const spec = specOf({ maxTrials: 9, parallelTrials: 4 });
  const training = { ...(spec.training as object), maxEpochs: MAX_EPOCHS };
  return new Scenario({ ...spec, oracle, training }, 4);
}

/** Leases a new trial and reports an accuracy for each epoch. */
function trained(scenario: Scenario, accuracies: readonly number[]) {
  const trial = scenario.suggest();
  const lease = scenario.lease(trial, `trainer-of-${trial.id}`);
  for (const [epoch, accuracy] of accuracies.entries()) scenario.report(lease, epochOf(epoch, accuracy));
  return lease;
}

/** A completed trial, a failed one, and one that has reported four epochs. */
function started(oracle: OracleSettings): Scenario {
  const scenario = scenarioOf(oracle);
  const lease = trained(scenario, [0.5, 0.4, 0.7, 0.9, 0.8]);
  scenario.submit({ type: "complete-trial", lease, weights: WEIGHTS, keptEpochs: [] });
  scenario.submit({ type: "fail-trial", lease: trained(scenario, [0.1]), kind: "error", message: "It broke." });
  trained(scenario, [0.2, 0.6, 0.3, 0.3]);
  return scenario;
}

it("the oracle with fidelity gets the best objectives at shares of the trainings, also after a restart", () => {
  const { study, events } = started({ type: "bayesian", fidelity: "epochs" });
  const request = suggestionRequest(study, study.trials.length);
  const shares = request.partial?.map(({ fidelity, objective }) => [Math.round(fidelity * MAX_EPOCHS), objective]);
  assert.deepEqual(shares, [
    [3, 0.7],
    [1, 0.5],
    [4, 0.6],
    [3, 0.6],
    [1, 0.2],
  ]);
  assert.deepEqual(request.partial?.[0]?.values, study.trials[0]?.values);
  const again = evolveAll(undefined, events, 0) ?? assert.fail("the log has no study");
  assert.deepEqual(suggestionRequest(again, study.trials.length), request);
});

it("the oracle with fidelity gets the results of other studies below the full budget, and others as completed", () => {
  const warmStart = [
    { values: { stddev: 0.02 }, objective: 0.8, fidelity: 0.2 },
    { values: { stddev: 0.03 }, objective: 0.9 },
  ];
  const spec = { ...specOf({ maxTrials: 9 }), oracle: { type: "bayesian", fidelity: "epochs" }, warmStart } as const;
  const { partial, completed } = suggestionRequest(new Scenario(spec).study, 0);
  assert.deepEqual(partial, [{ values: { stddev: 0.02 }, objective: 0.8, fidelity: 0.2 }]);
  assert.deepEqual(completed, [{ values: { stddev: 0.03 }, objective: 0.9 }]);
});

it("the oracle without fidelity gets none", () => {
  const { study } = started({ type: "bayesian" });
  assert.equal("partial" in suggestionRequest(study, study.trials.length), false);
});
